import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.RequiredParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.FifoMemoryPagingProvider;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.exceptions.AuthenticationException;
import ca.uhn.fhir.rest.server.provider.HashMapResourceProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.*;

/**
 * HAPI FHIR's RestfulServer over its in-memory provider, behind Jetty: {@code HapiServer PORT TOKEN}.
 *
 * FHIR R4 under /fhir; everything but metadata asks for the bearer token. A search answers in pages of
 * five, whatever _count asks for, so that its next links are what is tested. HAPI's provider stores;
 * the searches by patient and code, and the transaction that loads a chart, are added here.
 */
public final class HapiServer {
  private static final int PAGE = 5;

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    FhirContext context = FhirContext.forR4();
    RestfulServer rest = new RestfulServer(context);
    Map<String, HashMapResourceProvider<?>> stores = new HashMap<>();
    List<IResourceProvider> providers = new ArrayList<>();
    providers.add(new Patients(context));
    providers.add(new OfPatient<>(context, Condition.class));
    providers.add(new OfPatient<>(context, Observation.class));
    providers.add(new OfPatient<>(context, Procedure.class));
    providers.add(new OfPatient<>(context, AllergyIntolerance.class));
    providers.add(new OfPatient<>(context, AdverseEvent.class));
    providers.add(new OfPatient<>(context, MedicationRequest.class));
    providers.add(new OfPatient<>(context, MedicationStatement.class));
    providers.add(new OfPatient<>(context, MedicationAdministration.class));
    providers.add(new OfPatient<>(context, MedicationDispense.class));
    providers.add(new HashMapResourceProvider<>(context, Medication.class));
    for (IResourceProvider each : providers) {
      stores.put(each.getResourceType().getSimpleName(), (HashMapResourceProvider<?>) each);
    }
    rest.setResourceProviders(providers);
    rest.registerProvider(new Transactions(stores));
    rest.registerInterceptor(new BearerToken(arguments[1]));
    FifoMemoryPagingProvider pages = new FifoMemoryPagingProvider(1000);
    pages.setDefaultPageSize(PAGE);
    pages.setMaximumPageSize(PAGE);
    rest.setPagingProvider(pages);
    ServletContextHandler handler = new ServletContextHandler();
    handler.addServlet(new ServletHolder(rest), "/fhir/*");
    Server server = new Server(new java.net.InetSocketAddress("127.0.0.1", port));
    server.setHandler(handler);
    server.start();
    server.join();
  }

  /** Patients, found by id alone. */
  public static final class Patients extends HashMapResourceProvider<Patient> {
    Patients(FhirContext context) {
      super(context, Patient.class);
    }
  }

  /** Resources that belong to a patient: found by the patient, and by code where they have one. */
  public static final class OfPatient<T extends Resource> extends HashMapResourceProvider<T> {
    OfPatient(FhirContext context, Class<T> type) {
      super(context, type);
    }

    @Search(allowUnknownParams = true)
    public List<IBaseResource> of(
        @RequiredParam(name = "patient") ReferenceParam patient,
        @OptionalParam(name = "code") TokenOrListParam codes) {
      String reference = "Patient/" + patient.getIdPart();
      return getStoredResources().stream()
          .filter(each -> reference.equals(owner(each)))
          .filter(each -> codes == null || hasOneOf(each, codes.getValuesAsQueryTokens()))
          .map(each -> (IBaseResource) each)
          .toList();
    }

    private String owner(T resource) {
      return Stream.of("subject", "patient")
          .map(resource::getNamedProperty)
          .filter(property -> property != null && property.hasValues())
          .map(property -> ((Reference) property.getValues().get(0)).getReference())
          .findFirst()
          .orElse("");
    }

    private boolean hasOneOf(T resource, List<TokenParam> wanted) {
      Property property = resource.getNamedProperty("code");
      if (property == null || !property.hasValues()) {
        return false;
      }
      CodeableConcept code = (CodeableConcept) property.getValues().get(0);
      return wanted.stream().anyMatch(one -> code.getCoding().stream().anyMatch(coding ->
          one.getValue().equals(coding.getCode())
              && (one.getSystem() == null || one.getSystem().equals(coding.getSystem()))));
    }
  }

  /** A transaction of PUTs, which is all that loading a chart needs. */
  public static final class Transactions {
    private final Map<String, HashMapResourceProvider<?>> stores;

    Transactions(Map<String, HashMapResourceProvider<?>> stores) {
      this.stores = stores;
    }

    @Transaction
    public Bundle put(@TransactionParam Bundle sent, RequestDetails details) {
      Bundle answer = new Bundle().setType(Bundle.BundleType.TRANSACTIONRESPONSE);
      for (Bundle.BundleEntryComponent entry : sent.getEntry()) {
        store(entry.getResource(), entry.getRequest().getUrl(), details);
        answer.addEntry().getResponse().setStatus("201 Created");
      }
      return answer;
    }

    @SuppressWarnings("unchecked")
    private <T extends IBaseResource> void store(Resource resource, String url, RequestDetails details) {
      HashMapResourceProvider<T> provider =
          (HashMapResourceProvider<T>) stores.get(resource.fhirType());
      resource.setId(url);
      provider.update((T) resource, null, details);
    }
  }

  /** Nobody reads or writes without the token of the test session. */
  public static final class BearerToken {
    private final String expected;

    BearerToken(String token) {
      expected = "Bearer " + token;
    }

    @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLED)
    public void refuse(RequestDetails details) {
      boolean open = "metadata".equals(details.getOperation());
      if (!open && !expected.equals(details.getHeader("Authorization"))) {
        throw new AuthenticationException("the bearer token is missing or wrong");
      }
    }
  }
}

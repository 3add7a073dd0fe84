// An EHR for tests in one process: oidc-provider as its authorization server, with what SMART adds,
// and a gateway that lets nothing through to the FHIR server behind it but what a token allows.
//
//   node ehr_server.mjs '{"port": 9000, "behind": "http://127.0.0.1:8080/fhir", "clients": [...]}'
//
// POST /_control/launches {"patient": "p1", ...} makes a launch and answers {"launch": id}. Its
// options: deny (scopes that are not granted), refuse (the clinician says no), seconds (the life of
// its access tokens), tamper (how its id_token is spoiled), failAfter (FHIR answers before its token gets a 401), failsEver (renewed
// tokens get it, too).
// POST /_control/standalone does the same for the next launch without an EHR.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { exportJWK, generateKeyPair } from 'jose';

const { port, behind, clients } = JSON.parse(process.argv[2]);
const origin = `http://127.0.0.1:${port}`;
const base = `${origin}/fhir`;
const TYPES = ['*', 'Patient', 'Condition', 'Observation', 'MedicationRequest', 'MedicationStatement',
  'MedicationAdministration', 'Medication', 'Procedure', 'AllergyIntolerance', 'Practitioner'];
const RIGHTS = ['r', 's', 'rs', 'c', 'crs', 'cruds', 'read', 'write'];
const RESOURCES = ['patient', 'user'].flatMap((level) =>
  TYPES.flatMap((type) => RIGHTS.map((right) => `${level}/${type}.${right}`)));

const launches = new Map(); // the `launch` parameter -> options
const contexts = new Map(); // grant -> options
let standalone = {};

const keys = [];
for (const [alg, kid] of [['RS256', 'ehr-rsa'], ['ES384', 'ehr-ec']]) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  keys.push({ ...(await exportJWK(privateKey)), alg, kid, use: 'sig' });
}

function optionsOf(params) {
  return params.launch ? launches.get(params.launch) : standalone;
}

const provider = new Provider(origin, {
  clients: clients.map((client) => ({
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    ...client,
  })),
  jwks: { keys },
  scopes: ['openid', 'fhirUser', 'launch', 'launch/patient', 'online_access', ...RESOURCES],
  claims: { openid: ['sub'], fhirUser: ['fhirUser'] },
  conformIdTokenClaims: false,
  extraParams: ['launch', 'aud'],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  cookies: { keys: [randomUUID()] },
  enabledJWA: { clientAuthSigningAlgValues: ['ES384', 'RS384'] },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, fhirUser: `${base}/Practitioner/${id}` }),
  }),
  issueRefreshToken: (_, client, code) => code.scopes.has('online_access'),
  rotateRefreshToken: true,
  ttl: {
    AccessToken: (_, token) => contexts.get(token.grantId)?.seconds ?? 3600,
    AuthorizationCode: 60,
    Grant: 3600,
    IdToken: 300,
    Interaction: 600,
    RefreshToken: 3600,
    Session: 3600,
  },
  loadExistingGrant: async (ctx) => {
    const options = optionsOf(ctx.oidc.params);
    const grant = new provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    const asked = ctx.oidc.params.scope.split(' ');
    grant.addOIDCScope(asked.filter((one) => !options.deny?.includes(one)).join(' '));
    grant.rejectOIDCScope(asked.filter((one) => options.deny?.includes(one)).join(' '));
    contexts.set(await grant.save(), { ...options, fhirCalls: 0 });
    return grant;
  },
});

function spoiled(token, how) {
  const [header, payload, signature] = token.split('.');
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  if (how === 'payload') return `${header}.${encode({ ...claims, fhirUser: `${base}/Practitioner/other` })}.${signature}`;
  if (how === 'none') return `${encode({ alg: 'none' })}.${payload}.`;
  return `${header}.${payload}.${signature.split('').reverse().join('')}`; // 'signature'
}

provider.use(async (ctx, next) => {
  if (ctx.path === '/auth') {
    if (ctx.query.aud !== base) {
      ctx.status = 400;
      ctx.body = 'aud is not the FHIR server';
      return;
    }
    if (ctx.query.launch ? !launches.has(ctx.query.launch) : ctx.query.scope?.includes('launch ')) {
      ctx.status = 400;
      ctx.body = 'no such launch';
      return;
    }
  }
  await next();
  if (ctx.oidc?.route !== 'token' || !ctx.body?.access_token) return;
  const grant = (ctx.oidc.entities.AccessToken ?? ctx.oidc.entities.RefreshToken).grantId;
  const options = contexts.get(grant);
  ctx.body.patient = options.patient;
  ctx.body.need_patient_banner = options.banner ?? true;
  ctx.body.appContext = 'not to be believed';
  ctx.body.fhirContext = [{ reference: 'Patient/somebody-else' }];
  if (ctx.body.id_token && options.tamper) ctx.body.id_token = spoiled(ctx.body.id_token, options.tamper);
});

function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function interact(request, response) {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (optionsOf(params)?.refuse) {
    const result = { error: 'access_denied', error_description: '<b>no</b>' };
    return provider.interactionFinished(request, response, result);
  }
  if (prompt.name !== 'login') return send(response, 500, { prompt });
  return provider.interactionFinished(request, response, { login: { accountId: 'dr-1' } });
}

const outcome = (code) => ({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] });

function allows(scopes, type, right) {
  const words = right === 'c' ? 'write' : 'read';
  return scopes.some((scope) => {
    const found = /^(?:patient|user)\/(\*|\w+)\.(\w+)$/.exec(scope);
    return found && ['*', type].includes(found[1]) && (found[2] === words || (found[2] !== 'read' && found[2] !== 'write' && found[2].includes(right)));
  });
}

async function permitted(request, url, body) {
  const shown = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const token = shown && (await provider.AccessToken.find(shown));
  const context = token && contexts.get(token.grantId);
  if (!context) return [401, 'login'];
  context.fhirCalls += 1;
  if (context.fhirCalls > (context.failAfter ?? Infinity)) context.spent ??= shown;
  if (context.spent && (context.failsEver || context.spent === shown)) return [401, 'expired'];
  const [, , type, id] = url.pathname.split('/');
  const right = request.method === 'POST' ? 'c' : id ? 'r' : 's';
  if (!allows([...token.scopes], type, right)) return [403, 'forbidden'];
  const whose = { r: type === 'Patient' ? id : context.patient, s: url.searchParams.get('patient'), c: JSON.parse(body || '{}').subject?.reference?.replace('Patient/', '') }[right];
  return whose === context.patient ? [200] : [403, 'forbidden'];
}

async function gateway(request, response, url) {
  const body = await bodyOf(request);
  if (url.pathname !== '/fhir/metadata') {
    const [status, code] = await permitted(request, url, body.toString());
    if (status !== 200) return send(response, status, outcome(code));
  }
  const headers = { Accept: 'application/fhir+json' };
  for (const name of ['content-type', 'if-none-exist', 'prefer']) {
    if (request.headers[name]) headers[name] = request.headers[name];
  }
  const answer = await fetch(behind + url.pathname.slice('/fhir'.length) + url.search, {
    method: request.method, headers, body: request.method === 'POST' ? body : undefined,
  });
  const text = (await answer.text()).replaceAll(behind, base);
  const sent = text ? { 'Content-Type': 'application/fhir+json' } : {};
  const location = answer.headers.get('location');
  if (location) sent.Location = location.replace(behind, base);
  response.writeHead(answer.status, sent);
  return response.end(text);
}

const configuration = {
  issuer: origin,
  jwks_uri: `${origin}/jwks`,
  authorization_endpoint: `${origin}/auth`,
  token_endpoint: `${origin}/token`,
  code_challenge_methods_supported: ['S256'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  capabilities: ['launch-ehr', 'launch-standalone', 'client-public', 'client-confidential-symmetric',
    'client-confidential-asymmetric', 'sso-openid-connect', 'permission-v1', 'permission-v2',
    'context-ehr-patient', 'context-standalone-patient', 'permission-patient', 'permission-user'],
};

const oauth = provider.callback();
createServer(async (request, response) => {
  try {
    const url = new URL(request.url, origin);
    if (url.pathname === '/_control/alive') return send(response, 200, {});
    if (url.pathname === '/_control/launches') {
      const launch = randomUUID();
      launches.set(launch, JSON.parse(await bodyOf(request)));
      return send(response, 200, { launch });
    }
    if (url.pathname === '/_control/standalone') {
      standalone = JSON.parse(await bodyOf(request));
      return send(response, 200, {});
    }
    if (url.pathname === '/_frame') { // the EHR's own window, with the app in a frame
      const app = url.searchParams.get('app').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      response.writeHead(200, { 'Content-Type': 'text/html' });
      return response.end(`<!doctype html><title>EHR</title><iframe title="app" src="${app}" width="1200" height="800"></iframe>`);
    }
    if (url.pathname === '/fhir/.well-known/smart-configuration') return send(response, 200, configuration);
    if (url.pathname.startsWith('/interaction/')) return await interact(request, response);
    if (url.pathname.startsWith('/fhir/')) return await gateway(request, response, url);
    return oauth(request, response);
  } catch (error) {
    console.error(error);
    return send(response, 500, { error: String(error) });
  }
}).listen(port, '127.0.0.1');

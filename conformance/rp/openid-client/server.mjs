// A page behind openid-client: `/` sends the visitor to the issuer, `/cb` answers {sub, claims} as JSON.
//   node server.mjs < client.json      client.json: {issuer, client}
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import * as oidc from 'openid-client';

const { issuer, client } = JSON.parse(await text(process.stdin));
const redirectUri = client.redirect_uris[0];
const methods = { client_secret_post: oidc.ClientSecretPost, client_secret_basic: oidc.ClientSecretBasic };
const authentication = methods[client.token_endpoint_auth_method](client.client_secret);
const metadata = { client_secret: client.client_secret, id_token_signed_response_alg: 'ES256' };
const config = await oidc.discovery(new URL(issuer), client.client_id, metadata, authentication, {
  execute: issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
});
const pending = new Map();

async function begin() {
  const verifier = oidc.randomPKCECodeVerifier(), state = oidc.randomState(), nonce = oidc.randomNonce();
  pending.set(state, { verifier, nonce });
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri, scope: client.scope, state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
}

async function finish(url) {
  const state = url.searchParams.get('state'), { verifier, nonce } = pending.get(state);
  pending.delete(state);
  const tokens = await oidc.authorizationCodeGrant(config, url, {
    pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
  });
  const { sub } = tokens.claims();
  return { sub, claims: await oidc.fetchUserInfo(config, tokens.access_token, sub) };
}

const server = createServer(async (request, answer) => {
  const url = new URL(request.url, redirectUri);
  if (url.pathname !== '/cb') return answer.writeHead(302, { location: (await begin()).href }).end();
  try {
    answer.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(await finish(url)));
  } catch (why) {
    answer.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: `${why.code ?? why.name}: ${why.error ?? why.message}` }));
  }
});
server.listen(new URL(redirectUri).port, '127.0.0.1', () => console.log('ready'));

// Passkeys: create one, sign in with one, and offer them in the autofill of the mail field.
//
// A form says what it wants: data-passkey="get" or "create", data-begin = the address that answers a POST with the
// WebAuthn options as JSON (binary values in base64url), data-csrf. The answer of the authenticator goes, as JSON, into
// the field `credential`, and the form is sent to the page's own address. The form is hidden until this module runs.

const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const withBytes = list => list?.map(one => ({ ...one, id: bytes(one.id) }));

async function options(form) {
  const answer = await fetch(form.dataset.begin, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ csrf: form.dataset.csrf }),
  });
  if (!answer.ok) throw new Error(`begin: ${answer.status}`);
  const { publicKey } = await answer.json();
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  if (publicKey.allowCredentials) publicKey.allowCredentials = withBytes(publicKey.allowCredentials);
  if (publicKey.excludeCredentials) publicKey.excludeCredentials = withBytes(publicKey.excludeCredentials);
  return publicKey;
}

function asJson(credential) {
  const { response } = credential;
  const members = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) members[name] = text(response[name]);
  }
  if (response.getTransports) members.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: members,
    extensions: credential.getClientExtensionResults(),
  });
}

function start(form) {
  const button = form.querySelector('button[type=button]');
  const status = form.querySelector('[role=status]');
  const create = form.dataset.passkey === 'create';
  let waiting = null;

  const finish = credential => {
    form.elements.credential.value = asJson(credential);
    form.submit();
  };
  const refused = () => {
    button.disabled = false;
    status.hidden = false;
    status.textContent = form.dataset.refused;
  };

  button.addEventListener('click', async () => {
    waiting?.abort();
    button.disabled = true;
    status.hidden = true;
    try {
      const publicKey = await options(form);
      finish(await (create ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey })));
    } catch {
      refused();
    }
  });

  // Conditional UI: the browser offers passkeys inside the mail field; nothing happens until one is chosen.
  const offer = async () => {
    if (create || !('autofill' in form.dataset) || !await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
    waiting = new AbortController();
    const { signal } = waiting;
    const publicKey = await options(form);
    if (!signal.aborted) finish(await navigator.credentials.get({ publicKey, mediation: 'conditional', signal }));
  };

  form.hidden = false;
  document.getElementById('passkey-missing')?.remove();
  offer().catch(() => {});
}

if (globalThis.PublicKeyCredential) document.querySelectorAll('form[data-passkey]').forEach(start);

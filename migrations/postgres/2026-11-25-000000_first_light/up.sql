-- Times are epoch milliseconds; ids are 16 bytes, hashes 32. The sqlite folder holds the same tables and columns.

CREATE TABLE organisations (
  id BYTEA PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  public_body BOOLEAN NOT NULL
);

CREATE TABLE facilities (
  id BYTEA PRIMARY KEY NOT NULL,
  organisation_id BYTEA NOT NULL REFERENCES organisations (id),
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  department TEXT NOT NULL,
  logo TEXT NOT NULL,
  municipality TEXT NOT NULL,
  sector TEXT NOT NULL
);

CREATE TABLE ceilings (
  facility_id BYTEA NOT NULL REFERENCES facilities (id),
  version INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  entries TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (facility_id, version)
);

CREATE TABLE clients (
  id BYTEA PRIMARY KEY NOT NULL,
  public_id TEXT NOT NULL UNIQUE,
  facility_id BYTEA NOT NULL REFERENCES facilities (id),
  secret BYTEA,
  metadata TEXT NOT NULL,
  flags TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT
);
CREATE INDEX clients_facility ON clients (facility_id);

CREATE TABLE persons (
  id BYTEA PRIMARY KEY NOT NULL,
  created_at BIGINT NOT NULL,
  erased_at BIGINT
);

CREATE TABLE accounts (
  id BYTEA PRIMARY KEY NOT NULL,
  person_id BYTEA NOT NULL UNIQUE REFERENCES persons (id),
  user_handle BYTEA NOT NULL UNIQUE,
  language TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT
);

CREATE TABLE credentials (
  id BYTEA PRIMARY KEY NOT NULL,
  account_id BYTEA NOT NULL REFERENCES accounts (id),
  kind TEXT NOT NULL,
  lookup BYTEA NOT NULL,
  public BYTEA NOT NULL,
  label TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at_lazy BIGINT,
  UNIQUE (lookup, kind)
);
CREATE INDEX credentials_account ON credentials (account_id);

CREATE TABLE mail_codes (
  hash BYTEA PRIMARY KEY NOT NULL,
  address BYTEA NOT NULL,
  sealed_address BYTEA NOT NULL,
  code BYTEA NOT NULL,
  account_id BYTEA,
  tries INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX mail_codes_expires ON mail_codes (expires_at);
CREATE INDEX mail_codes_address ON mail_codes (address, created_at);

CREATE TABLE ceremonies (
  hash BYTEA PRIMARY KEY NOT NULL,
  account_id BYTEA,
  state TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX ceremonies_expires ON ceremonies (expires_at);

CREATE TABLE sessions (
  id BYTEA PRIMARY KEY NOT NULL,
  cookie BYTEA NOT NULL UNIQUE,
  account_id BYTEA NOT NULL REFERENCES accounts (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE authentication_events (
  id BYTEA PRIMARY KEY NOT NULL,
  session_id BYTEA NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  method TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX authentication_events_session ON authentication_events (session_id);

CREATE TABLE sealed_records (
  person_id BYTEA PRIMARY KEY NOT NULL REFERENCES persons (id),
  sealed BYTEA NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE declared_records (
  person_id BYTEA PRIMARY KEY NOT NULL REFERENCES persons (id),
  sealed BYTEA NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE proofings (
  id BYTEA PRIMARY KEY NOT NULL,
  person_id BYTEA NOT NULL REFERENCES persons (id),
  method TEXT NOT NULL,
  checks TEXT NOT NULL,
  keyed_serial BYTEA NOT NULL,
  verified_at BIGINT NOT NULL,
  valid_until BIGINT NOT NULL,
  status TEXT NOT NULL
);
CREATE INDEX proofings_person ON proofings (person_id, verified_at);
CREATE INDEX proofings_serial ON proofings (keyed_serial);
CREATE INDEX proofings_lapsing ON proofings (status, valid_until);
CREATE UNIQUE INDEX proofings_one_valid ON proofings (person_id) WHERE status = 'valid';

CREATE TABLE card_tickets (
  hash BYTEA PRIMARY KEY NOT NULL,
  browser BYTEA NOT NULL,
  interaction BYTEA,
  account_id BYTEA NOT NULL REFERENCES accounts (id),
  statement TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  outcome TEXT,
  sealed_proof BYTEA,
  completion BYTEA
);
CREATE INDEX card_tickets_expires ON card_tickets (expires_at);
CREATE INDEX card_tickets_account ON card_tickets (account_id);

CREATE TABLE interactions (
  hash BYTEA PRIMARY KEY NOT NULL,
  browser BYTEA NOT NULL,
  errand TEXT NOT NULL,
  progress TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX interactions_expires ON interactions (expires_at);

-- A consent outlives the session it was given in, so session_id is a plain value.
CREATE TABLE consents (
  id BYTEA PRIMARY KEY NOT NULL,
  person_id BYTEA NOT NULL REFERENCES persons (id),
  account_id BYTEA NOT NULL REFERENCES accounts (id),
  client_id BYTEA NOT NULL REFERENCES clients (id),
  facility_id BYTEA NOT NULL REFERENCES facilities (id),
  scopes TEXT NOT NULL,
  claims TEXT NOT NULL,
  declined TEXT NOT NULL,
  values_hash BYTEA NOT NULL,
  ceiling_version INTEGER NOT NULL,
  session_id BYTEA NOT NULL,
  remembered_until BIGINT,
  given_at BIGINT NOT NULL,
  withdrawn_at BIGINT
);
CREATE INDEX consents_person ON consents (person_id, client_id, given_at, id);
CREATE INDEX consents_session ON consents (person_id, client_id, session_id, given_at, id);
CREATE INDEX consents_remembered ON consents (person_id, client_id, remembered_until) WHERE remembered_until IS NOT NULL;
CREATE INDEX consents_given ON consents (given_at);
CREATE INDEX consents_facility ON consents (facility_id, person_id) WHERE withdrawn_at IS NULL;

CREATE TABLE grants (
  id BYTEA PRIMARY KEY NOT NULL,
  person_id BYTEA NOT NULL REFERENCES persons (id),
  account_id BYTEA NOT NULL REFERENCES accounts (id),
  client_id BYTEA NOT NULL REFERENCES clients (id),
  consent_id BYTEA NOT NULL REFERENCES consents (id),
  session_id BYTEA NOT NULL,
  scopes TEXT NOT NULL,
  claims TEXT NOT NULL,
  acr TEXT NOT NULL,
  amr TEXT NOT NULL,
  auth_time BIGINT NOT NULL,
  auth_time_asked BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX grants_account ON grants (account_id, client_id);
CREATE INDEX grants_consent ON grants (consent_id);
CREATE INDEX grants_session ON grants (session_id);
CREATE INDEX grants_created ON grants (created_at);

CREATE TABLE codes (
  hash BYTEA PRIMARY KEY NOT NULL,
  grant_id BYTEA NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  code_challenge TEXT,
  nonce TEXT,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX codes_grant ON codes (grant_id);
CREATE INDEX codes_expires ON codes (expires_at);

-- No foreign key to grants: a grant is purged only when its tokens are gone, and a key would cost an index on each token.
CREATE TABLE access_tokens (
  hash BYTEA PRIMARY KEY NOT NULL,
  grant_id BYTEA,
  client_id BYTEA NOT NULL,
  scopes TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX access_tokens_expires ON access_tokens (expires_at);

CREATE TABLE refresh_tokens (
  hash BYTEA PRIMARY KEY NOT NULL,
  grant_id BYTEA NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX refresh_tokens_grant ON refresh_tokens (grant_id);
CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires_at);

CREATE TABLE replays (
  hash BYTEA PRIMARY KEY NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX replays_expires ON replays (expires_at);

CREATE TABLE signing_keys (
  id BYTEA PRIMARY KEY NOT NULL,
  kid TEXT NOT NULL UNIQUE,
  alg TEXT NOT NULL,
  state TEXT NOT NULL,
  public_jwk TEXT NOT NULL,
  sealed_private BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  retired_at BIGINT
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (alg) WHERE state = 'current';

CREATE TABLE face_templates (
  person_id BYTEA PRIMARY KEY NOT NULL REFERENCES persons (id),
  sealed BYTEA NOT NULL,
  model TEXT NOT NULL,
  threshold_set TEXT NOT NULL,
  consent_version INTEGER NOT NULL,
  consented_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX face_templates_expires ON face_templates (expires_at);

CREATE TABLE face_attempts (
  person_id BYTEA PRIMARY KEY NOT NULL REFERENCES persons (id),
  failures INTEGER NOT NULL,
  last_failure_at BIGINT
);

CREATE TABLE staff (
  id BYTEA PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  facility_id BYTEA REFERENCES facilities (id),
  user_handle BYTEA NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  closed_at BIGINT
);

CREATE TABLE staff_passkeys (
  lookup BYTEA PRIMARY KEY NOT NULL,
  staff_id BYTEA NOT NULL REFERENCES staff (id),
  public TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX staff_passkeys_staff ON staff_passkeys (staff_id);

CREATE TABLE staff_sessions (
  hash BYTEA PRIMARY KEY NOT NULL,
  staff_id BYTEA NOT NULL REFERENCES staff (id),
  expires_at BIGINT NOT NULL
);
CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id);
CREATE INDEX staff_sessions_expires ON staff_sessions (expires_at);

CREATE TABLE staff_invites (
  hash BYTEA PRIMARY KEY NOT NULL,
  staff_id BYTEA NOT NULL REFERENCES staff (id),
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX staff_invites_expires ON staff_invites (expires_at);

-- Ids only, no foreign keys: an event outlives what it speaks of.
CREATE TABLE audit_events (
  id BYTEA PRIMARY KEY NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  actor_id BYTEA,
  act TEXT NOT NULL,
  person_id BYTEA,
  facility_id BYTEA,
  client_id BYTEA,
  detail TEXT NOT NULL,
  sequence BIGINT,
  hash BYTEA
);
CREATE UNIQUE INDEX audit_events_sequence ON audit_events (sequence) WHERE sequence IS NOT NULL;
CREATE INDEX audit_events_unlinked ON audit_events (id) WHERE sequence IS NULL;
CREATE INDEX audit_events_person ON audit_events (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX audit_events_facility ON audit_events (facility_id, id) WHERE facility_id IS NOT NULL;

CREATE TABLE audit_checkpoints (
  sequence BIGINT PRIMARY KEY NOT NULL,
  hash BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  kid TEXT NOT NULL,
  signature BYTEA NOT NULL
);

CREATE TABLE outbox (
  id BYTEA PRIMARY KEY NOT NULL,
  sealed BYTEA NOT NULL,
  due_at BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  sent_at BIGINT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE changes (
  topic TEXT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE leases (
  name TEXT PRIMARY KEY NOT NULL,
  holder BYTEA NOT NULL,
  until BIGINT NOT NULL
);

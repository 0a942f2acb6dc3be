-- Clients that registered themselves (RFC 7591) and may change their registration (RFC 7592).
ALTER TABLE clients ADD COLUMN registration BYTEA;

CREATE TABLE initial_access_tokens (
  hash BYTEA PRIMARY KEY NOT NULL,
  facility_id BYTEA NOT NULL REFERENCES facilities (id),
  flags TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX initial_access_tokens_expires ON initial_access_tokens (expires_at);

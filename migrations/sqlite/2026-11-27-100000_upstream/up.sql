-- Visits to the national service (デジタル認証アプリ): the row holds neither nonce nor code verifier, which are made of the state.
CREATE TABLE upstream_visits (
  hash BLOB PRIMARY KEY NOT NULL,
  browser BLOB NOT NULL,
  interaction BLOB NOT NULL,
  sealed_handle BLOB NOT NULL,
  account_id BLOB REFERENCES accounts (id),
  purpose TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  sealed_told BLOB
);
CREATE INDEX upstream_visits_expires ON upstream_visits (expires_at);
CREATE INDEX upstream_visits_account ON upstream_visits (account_id);

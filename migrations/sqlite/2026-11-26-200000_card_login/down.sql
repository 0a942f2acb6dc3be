DROP TABLE card_tickets;
CREATE TABLE card_tickets (
  hash BLOB PRIMARY KEY NOT NULL,
  browser BLOB NOT NULL,
  interaction BLOB,
  account_id BLOB NOT NULL REFERENCES accounts (id),
  statement TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  outcome TEXT,
  sealed_proof BLOB,
  completion BLOB
);
CREATE INDEX card_tickets_expires ON card_tickets (expires_at);
CREATE INDEX card_tickets_account ON card_tickets (account_id);

-- A card that signs in says itself whose it is: its ticket names no account at first.
ALTER TABLE card_tickets ALTER COLUMN account_id DROP NOT NULL;

DELETE FROM card_tickets WHERE account_id IS NULL;
ALTER TABLE card_tickets ALTER COLUMN account_id SET NOT NULL;

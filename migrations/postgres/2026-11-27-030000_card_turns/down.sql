DROP TABLE card_turns;

# Letters: the one-time code.
mail-code-subject = PASS: your code is { $code }
mail-code-body =
    Your code for signing in to PASS:

    { $code }

    It works once, for ten minutes. Enter it on the page of { $host }.
    If you did not ask for it, do nothing. Do not give it to anybody.

# Letters: what a card proved counts no longer.
mail-card-lapsed-subject = PASS: the certificate on your card has ended
mail-card-lapsed-body =
    The certificate for digital signature on your My Number Card has reached its last day.

    Facilities no longer learn from PASS where you live. Everything else works as before, and you can sign in as usual.
    The city office renews the certificate. Then prove it once more: { $address }

    This letter holds no secret and needs no answer.
mail-card-revoked-subject = PASS: the certificate on your card was revoked
mail-card-revoked-body =
    The certificate for digital signature on your My Number Card was revoked. That happens after a move or a change of name,
    and when a card is reported lost.

    Facilities no longer learn from PASS what it proved. You can sign in as usual.
    The city office issues a new certificate. Then prove it once more: { $address }
    If you neither moved nor changed your name nor lost the card, ask the city office.

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

# Letters: the card and the ways to sign in.
mail-card-bound-subject = PASS: your My Number Card signs you in
mail-card-bound-body =
    Your My Number Card and its four digits sign you in to PASS from now on.

    If this was not you, sign in at once and remove the card. Tell the city office, too.
    { $address }
mail-card-removed-subject = PASS: your My Number Card no longer signs you in
mail-card-removed-body =
    Your My Number Card and its four digits no longer sign you in to PASS. Its signature password still brings you back.

    If this was not you, sign in and look at your ways to sign in.
    { $address }
mail-card-recovered-subject = PASS: somebody signed in with your card's signature password
mail-card-recovered-body =
    Somebody signed in to PASS with your My Number Card and its signature password. That is the way back when a phone is lost.

    Remove the lost device on the page of your ways to sign in.
    If this was not you, somebody else uses your card and its password. Tell the city office at once.
    { $address }
mail-family-joined-subject = PASS: somebody else acts for your child
mail-family-joined-body =
    Somebody else has added a child that you act for to their family, with the child's card and its four digits.

    Both of you can act for the child.
    If this is not right, tell the city office.
    { $address }
# Letters: a face was switched off; a face ends soon.
mail-face-off-subject = PASS: your face was switched off
mail-face-off-body =
    Fifty tries in a row did not match the face you registered, so checking by face was switched off.

    Your passkey and My Number Card work as before. You can register your face anew: { $address }

    If it was not you who tried, somebody may have used your device or passkey. Look at the devices that are signed in.
mail-face-ends-subject = PASS: your face registration ends soon
mail-face-ends-body =
    Your face registration ends on { $day }. Faces change over the years, so it is not kept for longer.

    To go on using it, register again before that day. If you do nothing, it is deleted then: { $address }

    This letter holds no secret and needs no answer.

steps = Steps
steps-past =  (done)
steps-mail = E-mail
steps-passkey = Passkey
steps-card = Card
steps-check = Check
steps-place = Place card
steps-password = Sign
steps-read = Read and agree
steps-picture = Pictures
steps-done = Done

code-title = The code from the e-mail
code-enter = Enter the code from the e-mail
code-sent = We sent a six-digit code to { $email }. It works for ten minutes.
code-label = Six-digit code
code-left = { $n ->
    [one] You have one try left
   *[other] You have { $n } tries left
}
code-sign-in = Sign in
code-next = Next
code-again = Send a new code
code-wrong = The code is wrong
code-wrong-do = Enter the six digits from the e-mail again
code-err = Use the code from the newest e-mail.
code-old = This code is no longer valid
code-spent = This code cannot be tried again
code-new-do = Press “Send a new code” below.
code-too-soon = A new code cannot be sent yet
code-too-soon-do = We send one code a minute, five an hour and ten a day. Please wait and try again.
code-sent-again = We sent a new code
code-sent-again-newest = The earlier one no longer works.
code-none = No e-mail?
code-none-do = Look in the spam folder and check the address. It can take a few minutes.
code-demo = In the demonstration no mail leaves this computer
code-demo-outbox = Open the outbox

sign-up-title = Register with PASS
sign-up-lead = First we check your e-mail address.
sign-up-hint = We will send a six-digit code. If you are registered already, it signs you in.
sign-up-mail-for = What the address is for
sign-up-mail-for-what = Sign-in codes and important notices only. Facilities do not get it unless you share it
sign-up-need = What you need next
sign-up-need-what = Your My Number Card, a card reader and the card’s signature password. This can wait
sign-up-end = If you change your mind
sign-up-end-what = You can stop at any time, facility by facility

make-passkey-title = Make a passkey
make-passkey-lead = Next time you sign in with your fingerprint, face or screen lock alone.
make-passkey-for-card = Before the card, make a passkey
make-passkey-for-card-why = A code by e-mail alone cannot protect what your card proves. With a passkey you go straight on to the card. If this device cannot make one, open PASS on another device, or ask the counter of the city.
make-passkey-picture = A finger on a phone, and a computer signed in
make-passkey-1 = Your fingerprint and face never leave this device
make-passkey-2 = Nothing to remember, no code to wait for
make-passkey-3 = It does not work on a fake page, so nobody can trick you out of it
make-passkey-do = Make a passkey
make-passkey-refused = The passkey was not made. Try again, or make it later.
make-passkey-failed = The passkey could not be registered
make-passkey-failed-do = Try again, or press “Make it later” below.
make-passkey-missing = A passkey cannot be made here
make-passkey-missing-do = The browser does not support it, or JavaScript is off. You can make one later on another device.
make-passkey-later = Make it later
make-passkey-later-then = Until then you sign in by e-mail code, and nothing your card proves can be shared.

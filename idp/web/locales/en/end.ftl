error-now = What you can do now
error-reference = Reference number
error-at = Time
error-code = For technicians
error-detail = Detail
error-ask = If this does not help, tell the city's counter the reference number.
error-facility-title = We do not know this facility
error-facility = The facility that asked you to sign in is not registered with PASS. You did nothing wrong. Nothing was shared.
error-return-title = Sign-in cannot continue
error-return = The return address sent by the facility's page is not the registered one. You did nothing wrong. Nothing was shared.
error-request-title = The facility's request has a mistake
error-request = The request sent by the facility's page is not valid. You did nothing wrong. Nothing was shared.
error-sign-out-title = The sign-out request cannot be confirmed
error-sign-out = The sign-out request sent by the facility is not valid. You are still signed in to PASS.
error-expired-title = This procedure is over
error-expired = It was finished already, or its time has passed, so you cannot go on from here. To do it again, start from the facility’s page.
error-form-title = This page is out of date
error-form = You did something in another window, or time has passed, so nothing was done. Open the page before again.
error-not-found-title = Page not found
error-not-found = The address is wrong, or the page is gone.
error-forbidden-title = You cannot open this page
error-forbidden = Your present sign-in does not allow it.
error-ours-title = Something went wrong inside PASS
error-ours = You did nothing wrong, and we are sorry. Please try again in a while.
error-unavailable-title = Not available now
error-unavailable = A part of PASS is stopped. Please try again in a while.

form-post-title = Back to the facility
form-post-to = Going back to { $facility }
form-post-how = This happens by itself. If it does not, press the button.
form-post-go = Go back to the facility

logout-title = Sign out?
logout-asker = Going back to
logout-ask = Sign out of PASS?
logout-what = On this device, every facility that uses PASS will need you to sign in again.
logout-yes = Sign out
logout-yes-then = You sign in again next time
logout-no = Stay signed in
logout-no-then = Go back without signing out

signed-out-title = You are signed out
signed-out-what = You are signed out of PASS on this device.
signed-out-shared = On a computer that others use too
signed-out-shared-do = Close all windows of the browser.
signed-out-again = Sign in again

notice-stayed-title = You are still signed in
notice-stayed = You did not sign out. You can go on.
notice-face-unavailable-title = Your face cannot be used now
notice-face-unavailable = Face matching is not running. You did nothing wrong. Please use another way.
notice-no-face-title = You have not registered your face
notice-no-face = You can use PASS without your face. Use another way, or register your face first.
notice-card-later-title = You can use your card later
notice-card-later = Until then we cannot share what the card proves. Everything else works.

error-too-many-title = Please wait a little
error-too-many = There were too many tries in a short time, so we stopped. Wait about ten minutes, or an hour for codes by mail, and try again.

# Letters: the one-time code.
mail-code-subject = PASS: your code is { $code }
mail-code-body =
    Your code for signing in to PASS:

    { $code }

    It works once, for ten minutes. Enter it on the page of { $host }.
    If you did not ask for it, do nothing. Do not give it to anybody.

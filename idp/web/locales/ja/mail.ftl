# Letters: the one-time code.
mail-code-subject = PASS：ログインの番号は { $code } です
mail-code-body =
    PASSにログインするための番号です。

    { $code }

    10分のあいだ、1回だけ使えます。{ $host } の画面に入れてください。
    心当たりがないときは、何もしないでください。この番号をほかの人に教えないでください。

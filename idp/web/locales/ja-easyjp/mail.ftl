# Letters: the one-time code.
mail-code-subject = PASS：数字（すうじ）は { $code } です
mail-code-body =
    PASSに 入（はい）るための 数字（すうじ）です。

    { $code }

    10分（ぷん）のあいだ 1回（かい）だけ つかえます。{ $host } の 画面（がめん）に 入（い）れてください。
    知（し）らないときは 何（なに）も しないでください。だれにも 教（おし）えないでください。

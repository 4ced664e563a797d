from rxror.ror.typographie import fr


def test_fr_holds_double_signs_to_their_word():
    assert fr("« Valider » publie tout : vraiment ? 20 % oui.") == (
        "«\xa0Valider\xa0» publie tout\xa0: vraiment\xa0? 20\xa0% oui."
    )
    assert fr("10:42, a:b") == "10:42, a:b"

package tandem.ui.marks

/** What buttons and kinds show beside their words. */
object Icons {
    val Back = drawn("back", "M15 5 L8 12 L15 19", turns = true)
    val Next = drawn("next", "M9 5 L16 12 L9 19", turns = true)
    val Close = drawn("close", "M6 6 L18 18", "M18 6 L6 18")
    val Write = drawn("write", "M4 20 L5 15.5 L15.5 5 L19 8.5 L8.5 19 Z", "M13.5 7 L17 10.5")
    val Send = drawn("send", "M4 12 L20 4.5 L14.5 20 L11.5 13 Z", "M11.5 13 L20 4.5", turns = true)
    val People =
        drawn(
            "people",
            "M9 11 a3.2 3.2 0 1 0 0 -6.4 a3.2 3.2 0 1 0 0 6.4",
            "M3 19.5 c0 -3.6 2.6 -5.6 6 -5.6 s6 2 6 5.6",
            "M16 5 a3 3 0 0 1 0 6",
            "M17.5 14.2 c2.2 .7 3.5 2.5 3.5 5.3",
        )
    val Person = drawn("person", "M12 11.5 a3.6 3.6 0 1 0 0 -7.2 a3.6 3.6 0 1 0 0 7.2", "M5 20 c0 -4 3 -6 7 -6 s7 2 7 6")
    val Info = drawn("info", "M12 21 a9 9 0 1 0 0 -18 a9 9 0 1 0 0 18", "M12 11 L12 16.5", "M12 7.6 L12 7.7")
    val Hand =
        drawn(
            "hand",
            "M7.5 12.5 L7.5 6.5 a1.4 1.4 0 0 1 2.8 0 L10.3 11 L10.3 4.6 a1.4 1.4 0 0 1 2.8 0 L13.1 11 L13.1 5.6 a1.4 1.4 0 0 1 2.8 0 L15.9 12",
            "M15.9 9 a1.4 1.4 0 0 1 2.8 0 L18.7 14.5 c0 4 -2.6 6.5 -6 6.5 c-3 0 -4.6 -1.6 -5.8 -3.8 L4.6 13.4 a1.4 1.4 0 0 1 2.4 -1.4 L8 13.5",
        )
    val Scan =
        drawn(
            "scan",
            "M4 8.5 L4 4 L8.5 4",
            "M15.5 4 L20 4 L20 8.5",
            "M20 15.5 L20 20 L15.5 20",
            "M8.5 20 L4 20 L4 15.5",
            "M8.5 8.5 h7 v7 h-7 Z",
        )
    val Link = drawn("link", "M10 14 L14 10", "M11 7 L13.5 4.6 a4 4 0 0 1 5.8 5.8 L17 13", "M13 17 L10.5 19.4 a4 4 0 0 1 -5.8 -5.8 L7 11")
    val Copy = drawn("copy", "M9 9 h11 v11 h-11 Z", "M15 9 L15 4 L4 4 L4 15 L9 15")
    val Share = drawn("share", "M12 15 L12 4", "M8 7.5 L12 3.5 L16 7.5", "M5 12 L5 20 L19 20 L19 12")
    val Again = drawn("again", "M19.5 12 a7.5 7.5 0 1 1 -2.4 -5.5", "M19.8 3.5 L19.6 8 L15.2 7.6")
    val Shield =
        drawn("shield", "M12 3 L19 6 L19 11.5 c0 4.6 -3 7.8 -7 9.5 c-4 -1.7 -7 -4.9 -7 -9.5 L5 6 Z", "M8.6 12 L11.2 14.6 L15.6 9.6")
    val ShieldOpen = drawn("shield_open", "M12 3 L19 6 L19 11.5 c0 4.6 -3 7.8 -7 9.5 c-4 -1.7 -7 -4.9 -7 -9.5 L5 6 Z", "M9 12 L15 12")
    val Records = drawn("records", "M4 5 h16 v4 h-16 Z", "M5.5 9 L5.5 20 L18.5 20 L18.5 9", "M10 13 L14 13")
    val Leave = drawn("leave", "M13 4 L5 4 L5 20 L13 20", "M10 12 L20 12", "M16.5 8.5 L20 12 L16.5 15.5", turns = true)
    val Remove = drawn("remove", "M12 21 a9 9 0 1 0 0 -18 a9 9 0 1 0 0 18", "M8 12 L16 12")
    val Message =
        drawn("message", "M5 5 h14 a1 1 0 0 1 1 1 v9.5 a1 1 0 0 1 -1 1 h-8 L7 20 L7 16.5 h-2 a1 1 0 0 1 -1 -1 V6 a1 1 0 0 1 1 -1 Z")
    val Concern = drawn("concern", "M6 21 L6 4", "M6 5 c4 -2.4 7 2 12 -.6 L18 13.4 c-5 2.6 -8 -1.8 -12 .6")
    val Step = drawn("step", "M4.5 4.5 h15 v15 h-15 Z", "M8.4 12.2 L11 14.8 L15.8 9.4")
    val Answer = drawn("answer", "M9.5 7 L5 11.5 L9.5 16", "M5 11.5 L14 11.5 c3.4 0 5.4 2 5.4 6", turns = true)
    val Home = drawn("home", "M4.5 11 L12 4.5 L19.5 11", "M6.5 9.5 L6.5 19.5 L17.5 19.5 L17.5 9.5")
    val Key = drawn("key", "M8 16 a3.8 3.8 0 1 0 0 -7.6 a3.8 3.8 0 1 0 0 7.6", "M11.8 12.2 L20.5 12.2 L20.5 15.5", "M17 12.2 L17 14.6")
}

package tandem.ui.words

import tandem.words.Remedy

/** What a remedy's button says. */
fun Say.remedy(remedy: Remedy): String {
    val say = this
    return when (remedy) {
        Remedy.TRY_NOW -> say("remedy.try_now")
        Remedy.COPY_TEXT -> say("remedy.copy_text")
        Remedy.ASK_FOR_LINK -> say("remedy.ask_for_link")
        Remedy.SHOW_MEMBERS -> say("remedy.show_members")
        Remedy.UPDATE_APP -> say("remedy.update_app")
        Remedy.ASK_SCHOOL -> say("remedy.ask_school")
    }
}

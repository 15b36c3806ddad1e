package tandem

import tandem.bindings.LinkNow
import tandem.bindings.liveCalls
import tandem.engine.Answer
import tandem.engine.Query
import tandem.screens.orNull

/** How this phone stands, for whoever helps: counts and public keys. No names, no titles, nothing that was said. */
suspend fun TandemStore.diagnostics(): String {
    val facts = LinkedHashMap<String, Any?>()
    facts["link"] = name(link.value)
    (ask(Query.Inbox).orNull as? Answer.Inbox)?.let { inbox ->
        facts["threads"] = inbox.v1.size
        facts["joins"] = inbox.v2.size
        facts["unseen"] = inbox.v1.sumOf { it.unseen }
        facts["waiting"] = inbox.v1.sumOf { it.waiting }
        facts["stuck"] = inbox.v1.sumOf { it.stuck }
        facts["as_of"] = inbox.v1.mapNotNull { it.asOf }.maxOrNull()
    }
    (ask(Query.Device).orNull as? Answer.Device)?.v1?.let { device ->
        facts["device"] = device.device
        facts["transport"] = device.transport
        facts["generation"] = device.generation
        facts["renewed"] = device.renewed
        facts["renewing"] = device.renewing
        facts["school"] = device.school?.school
        facts["enrolment"] = device.school?.enrolment
        facts["read"] = device.cursors.sumOf { it.cursor.seq }
        facts["signed"] = device.cursors.count { it.signed != null }
    }
    facts["live_calls"] = liveCalls()
    return facts.entries.joinToString("\n") { (name, value) -> "$name=${value ?: ""}" }
}

private fun name(link: LinkNow): String =
    when (link) {
        is LinkNow.Offline -> "offline"
        LinkNow.Dialing -> "dialing"
        LinkNow.Live -> "live"
    }

package tandem.models

import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.errorWords
import tandem.bindings.linkWords
import tandem.bindings.readLink
import tandem.engine.Answer
import tandem.engine.Intent
import tandem.engine.TandemLink
import tandem.problem
import tandem.screens.Problem
import tandem.words.Phrase

/** A link as it was pasted, scanned or tapped, or what is wrong with it. */
internal fun readable(text: String): Outcome<TandemLink> =
    try {
        Outcome.Done(readLink(text))
    } catch (bad: Exception) {
        Outcome.Not(problem(bad).copy(field = LINK))
    }

/** What a link asks for. */
internal fun asks(link: Outcome<TandemLink>): List<Phrase> =
    (link as? Outcome.Done)?.let { linkWords(it.value) }.orEmpty()

/** Nothing that could be a link: an image without a code, or nothing at all. */
internal fun noLink() = Problem(Problem.Kind.BAD_INPUT, errorWords("bad_link", null), "bad_link", LINK)

/** Does what a link asks for; null when it asks for nothing. */
internal suspend fun TandemStore.follow(link: TandemLink): Outcome<Answer>? =
    when (link) {
        is TandemLink.Join -> perform(Intent.Join(link.v1))
        is TandemLink.School -> perform(Intent.JoinSchool(link.v1))
        is TandemLink.Device -> perform(Intent.AddDevice(link.v1))
        is TandemLink.Relay -> null
    }

private const val LINK = "link"

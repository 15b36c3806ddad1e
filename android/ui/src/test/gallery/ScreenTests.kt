package tandem.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteractionCollection
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performTextInput
import org.junit.Rule
import org.junit.Test
import tandem.screens.ComposeAction
import tandem.screens.Deed
import tandem.screens.InboxState
import tandem.screens.Loaded
import tandem.screens.MembersAction
import tandem.screens.MembersSheet
import tandem.screens.MembersState
import tandem.screens.Place
import tandem.screens.ThreadAction
import tandem.screens.ThreadItem
import tandem.screens.ThreadState
import tandem.ui.compose.ComposeScreen
import tandem.ui.gallery.Cast
import tandem.ui.gallery.conversation
import tandem.ui.gallery.day
import tandem.ui.gallery.entry
import tandem.ui.gallery.gallery
import tandem.ui.gallery.member
import tandem.ui.gallery.said
import tandem.ui.gallery.writing
import tandem.ui.inbox.InboxScreen
import tandem.ui.members.MembersScreen
import tandem.ui.parts.Outside
import tandem.ui.theme.TandemTheme
import tandem.ui.thread.ThreadScreen
import tandem.ui.words.Say
import tandem.ui.words.Strings
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** What a person does on a screen, and what comes of it: the same on every platform's Compose, with its own words. */
abstract class ScreenTests(
    @get:Rule(order = 1)
    val rule: ComposeContentTestRule,
) {
    /** In English. */
    protected abstract val words: Strings

    private fun shown(content: @Composable () -> Unit) {
        val say = Say(words, Cast.clock("en"), Cast.names)
        rule.setContent { TandemTheme(say, false, motion = false, content = content) }
    }

    private fun SemanticsNodeInteractionCollection.none() = assertEquals(0, fetchSemanticsNodes().size)

    private fun withState(text: String) = SemanticsMatcher.expectValue(SemanticsProperties.StateDescription, text)

    @Test fun `send waits for what is needed and says what that is`() {
        var state by mutableStateOf(writing("concern"))
        val acts = mutableListOf<ComposeAction>()
        shown {
            ComposeScreen(state, {
                acts += it
                if (it is ComposeAction.Field) state = state.copy(fields = state.fields + (it.name to it.text))
            }, Outside())
        }
        rule.onNode(withState("Still needed: \u2068What happened and What would help\u2069.")).assertIsNotEnabled()
        rule.onNodeWithText("Send").assertIsNotEnabled()
        rule.onNode(
            hasSetTextAction() and
                SemanticsMatcher("is what happened") { node ->
                    node.config[SemanticsProperties.ContentDescription].any { "What happened" in it }
                },
        ).performTextInput("No breakfast")
        assertEquals(ComposeAction.Field("what", "No breakfast"), acts.last())
        state = state.copy(missing = emptySet(), ready = true)
        rule.onNodeWithText("Send").assertIsEnabled().performClick()
        assertEquals(ComposeAction.Send, acts.last())
    }

    @Test fun `words are thrown away only when that was asked`() {
        var state by mutableStateOf(writing("message", mapOf("text" to "half a")))
        val acts = mutableListOf<ComposeAction>()
        shown { ComposeScreen(state, { acts += it }, Outside()) }
        rule.onNodeWithContentDescription("Throw away").performClick()
        assertEquals<List<ComposeAction>>(listOf(ComposeAction.ThrowAway), acts)
        state = state.copy(asksToThrowAway = true)
        rule.onNodeWithText("Keep them").performClick()
        assertEquals(ComposeAction.Keep, acts.last())
        rule.onNodeWithText("Throw away").performClick()
        assertEquals(ComposeAction.ThrowAwayReally, acts.last())
    }

    @Test fun `an entry that is touched says what its mark means and what can be done`() {
        val text = "She told everybody about the lake."
        val top = Cast.item(Cast.inboxRow("Maya", listOf(Cast.ana)))
        var state by mutableStateOf(ThreadState(top.row.thread, Cast.around(), Loaded.Here(top), Loaded.Here(conversation), true))
        val (acts, went) = mutableListOf<ThreadAction>() to mutableListOf<Place>()
        val copied = mutableListOf<String>()
        shown {
            ThreadScreen(state, {
                acts += it
                if (it is ThreadAction.Explain) state = state.copy(explained = it.entry)
            }, Outside(go = { went += it }, copy = { copied += it }))
        }
        val means = "On \u2068Ana Torres\u2069's phone."
        rule.onAllNodesWithText(means).none()
        rule.onNodeWithContentDescription(means, useUnmergedTree = true).assertExists("whoever can't see the mark hears it")
        rule.onNodeWithText(text).performClick()
        assertIs<ThreadAction.Explain>(acts.last { it is ThreadAction.Explain })
        rule.onNode(hasText(means)).assertIsDisplayed()
        rule.onNodeWithText("Copy text").performClick()
        assertEquals(listOf(text), copied)
        rule.onNodeWithText("Answer").performClick()
        assertEquals<List<Place>>(listOf(Place.Compose(top.row.thread, Cast.entry(text))), went)
    }

    @Test fun `earlier lines are asked for when the first is near the screen and not before`() {
        val lines = (1..60).map { entry(said(Cast.ana, "Number $it", 600L - it)) }
        val top = Cast.item(Cast.inboxRow("Maya"))
        var state by mutableStateOf(
            ThreadState(top.row.thread, Cast.around(), Loaded.Here(top), Loaded.Here(lines), true, earlier = true),
        )
        var asked = 0
        shown { ThreadScreen(state, { if (it == ThreadAction.Earlier) asked++ }, Outside()) }
        rule.waitForIdle()
        assertEquals(0, asked)
        rule.onNode(hasScrollToIndexAction()).performScrollToIndex(50)
        rule.waitForIdle()
        assertEquals(1, asked, "once for the first line that there is")
        val more = (1..40).map { entry(said(Cast.ana, "Before $it", 700L - it)) } + lines
        state = state.copy(items = Loaded.Here(more))
        rule.waitForIdle()
        assertEquals(1, asked, "there is room again")
        rule.onNode(hasScrollToIndexAction()).performScrollToIndex(95)
        rule.waitForIdle()
        assertEquals(2, asked)
        state = state.copy(earlier = false)
        rule.onNode(hasScrollToIndexAction()).performScrollToIndex(99)
        rule.waitForIdle()
        assertEquals(2, asked, "that was all")
    }

    @Test fun `a thread of five hundred rows makes only what is on the screen and opens at the newest`() {
        val items = listOf<ThreadItem>(day(12)) + (1..500).map { entry(said(Cast.ana, "Number $it", 600L - it)) }
        val top = Cast.item(Cast.inboxRow("Maya"))
        val seen = mutableSetOf<String>()
        shown {
            ThreadScreen(ThreadState(top.row.thread, Cast.around(), Loaded.Here(top), Loaded.Here(items), true), {
                if (it is ThreadAction.OnScreen) seen += it.entries
            }, Outside())
        }
        rule.onNodeWithText("Number 500").assertIsDisplayed()
        val made = rule.onAllNodesWithText("Number", substring = true).fetchSemanticsNodes().size
        assertTrue(made in 3..40, "$made rows were made")
        assertTrue(seen.size in 3..40 && Cast.entry("Number 500") in seen, "${seen.size} are said to be on the screen")
    }

    @Test fun `what is on the screen is said as it changes, and when the screen goes away nothing is`() {
        val items = listOf<ThreadItem>(day(12)) + (1..500).map { entry(said(Cast.ana, "Number $it", 600L - it)) }
        val top = Cast.item(Cast.inboxRow("Maya"))
        val state = ThreadState(top.row.thread, Cast.around(), Loaded.Here(top), Loaded.Here(items), true)
        var isOpen by mutableStateOf(true)
        var now = emptySet<String>()
        shown { if (isOpen) ThreadScreen(state, { if (it is ThreadAction.OnScreen) now = it.entries }, Outside()) }
        rule.waitForIdle()
        assertTrue(Cast.entry("Number 500") in now)
        rule.onNode(hasScrollToIndexAction()).performScrollToIndex(300)
        rule.waitForIdle()
        assertTrue(Cast.entry("Number 200") in now && Cast.entry("Number 500") !in now, "$now")
        isOpen = false
        rule.waitForIdle()
        assertEquals(emptySet(), now)
    }

    @Test fun `an inbox of five hundred threads makes only what is on the screen`() {
        val state = gallery.first { "$it" == "inbox 500 rows" }
        shown { state.show(Outside()) }
        val made = rule.onAllNodesWithText("Child", substring = true).fetchSemanticsNodes().size
        assertTrue(made in 3..40, "$made rows were made")
    }

    @Test fun `what can not be undone asks first and says what will happen`() {
        val people = listOf(member(Cast.rivera), member(Cast.sam))
        val top = Cast.item(Cast.inboxRow("Maya", listOf(Cast.sam)))
        var state by mutableStateOf(MembersState(top.row.thread, Cast.around(), Loaded.Here(top), Loaded.Here(people)))
        val acts = mutableListOf<MembersAction>()
        shown { MembersScreen(state, { acts += it }, Outside()) }
        rule.onNodeWithText("Leave this thread").performScrollTo().performClick()
        assertEquals<List<MembersAction>>(listOf(MembersAction.Leave), acts)
        state = state.copy(sheet = MembersSheet.Sure(Deed.Leave))
        rule.onNode(hasText("You can't read or write here from then on", substring = true)).assertIsDisplayed()
        rule.onNodeWithText("Cancel").performClick()
        assertEquals(MembersAction.PutAway, acts.last())
    }

    @Test fun `somebody who is touched shows their phones and what can be done`() {
        val people = listOf(member(Cast.rivera), member(Cast.sam, devices = 2))
        val top = Cast.item(Cast.inboxRow("Maya", listOf(Cast.sam)))
        val acts = mutableListOf<MembersAction>()
        shown {
            MembersScreen(
                MembersState(top.row.thread, Cast.around(), Loaded.Here(top), Loaded.Here(people)),
                { acts += it },
                Outside(),
            )
        }
        rule.onNodeWithText("Compare a code with \u2068Sam Okoye\u2069").performClick()
        assertEquals(MembersAction.Compare(Cast.sam.person), acts.last())
        rule.onAllNodesWithText("Take out of this thread").none()
        rule.onNodeWithText("\u2068Sam Okoye\u2069").performClick()
        rule.onNodeWithText("Take out of this thread").performScrollTo().performClick()
        assertEquals(MembersAction.Remove(Cast.sam.person), acts.last())
    }

    @Test fun `every action of the head leads where its name says`() {
        val went = mutableListOf<Place>()
        shown { InboxScreen(InboxState(Cast.around(), rows = Loaded.Here(emptyList())), {}, Outside(go = { went += it })) }
        rule.onNodeWithContentDescription("Waiting").performClick()
        rule.onNodeWithContentDescription("About and privacy").performClick()
        assertEquals(listOf(Place.Waiting, Place.About), went)
    }
}

package tandem.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import kotlinx.coroutines.CoroutineScope
import tandem.Drafts
import tandem.Home
import tandem.TandemStore
import tandem.models.AboutModel
import tandem.models.ComposeModel
import tandem.models.InboxModel
import tandem.models.JoinModel
import tandem.models.MembersModel
import tandem.models.Model
import tandem.models.ThreadModel
import tandem.models.WaitingModel
import tandem.models.WelcomeModel
import tandem.screens.AboutAction
import tandem.screens.ComposeAction
import tandem.screens.InboxAction
import tandem.screens.JoinAction
import tandem.screens.MembersAction
import tandem.screens.Place
import tandem.screens.ThreadAction
import tandem.screens.WaitingAction
import tandem.screens.WelcomeAction
import tandem.ui.about.AboutScreen
import tandem.ui.compose.ComposeScreen
import tandem.ui.inbox.InboxScreen
import tandem.ui.join.JoinScreen
import tandem.ui.members.MembersScreen
import tandem.ui.parts.Outside
import tandem.ui.thread.ThreadScreen
import tandem.ui.waiting.WaitingScreen
import tandem.ui.welcome.WelcomeScreen

/** The first screen of a phone that has no home yet. */
@Composable
fun Begin(home: Home, link: String?, outside: Outside) =
    Shown({ WelcomeModel(home, link, it) }, { it.next }, WelcomeAction.Went, outside) { state, act -> WelcomeScreen(state, act, outside) }

/** A place of an open home. Its model lives as long as it is shown. */
@Composable
fun Shown(place: Place, store: TandemStore, drafts: Drafts, outside: Outside) =
    when (place) {
        Place.Welcome, Place.Inbox ->
            Shown({ InboxModel(store, drafts, it) }, { it.next }, InboxAction.Went, outside) { state, act ->
                InboxScreen(state, act, outside)
            }
        is Place.Join ->
            Shown({ JoinModel(store, place.link, it) }, { it.next }, JoinAction.Went, outside) { state, act ->
                JoinScreen(state, act, outside)
            }
        is Place.Thread ->
            Shown({ ThreadModel(store, drafts, place.thread, it) }, { it.next }, ThreadAction.Went, outside) { state, act ->
                ThreadScreen(state, act, outside)
            }
        is Place.Compose ->
            Shown({ place.model(store, drafts, it) }, { it.next }, ComposeAction.Went, outside) { state, act ->
                ComposeScreen(state, act, outside)
            }
        is Place.Members ->
            Shown({ MembersModel(store, place.thread, it) }, { it.next }, MembersAction.Went, outside) { state, act ->
                MembersScreen(state, act, outside)
            }
        Place.Waiting ->
            Shown({ WaitingModel(store, it) }, { it.next }, WaitingAction.Went, outside) { state, act ->
                WaitingScreen(state, act, outside)
            }
        Place.About ->
            Shown({ AboutModel(store, it) }, { it.next }, AboutAction.Went, outside) { state, act ->
                AboutScreen(state, act, outside)
            }
    }

private fun Place.Compose.model(store: TandemStore, drafts: Drafts, scope: CoroutineScope) =
    ComposeModel(store, drafts, thread, answers, scope)

/** A model's state, what can be done about it, and where it has to go. */
@Composable
private fun <S : Any, A : Any> Shown(
    make: (CoroutineScope) -> Model<S, A>,
    next: (S) -> Place?,
    went: A,
    outside: Outside,
    view: @Composable (S, (A) -> Unit) -> Unit,
) {
    val scope = rememberCoroutineScope()
    val model = remember { make(scope) }
    val state by model.state.collectAsState()
    val place = next(state)
    LaunchedEffect(place) {
        if (place != null) {
            model.act(went)
            outside.go(place)
        }
    }
    view(state, model::act)
}

package tandem.ui.shut

import androidx.compose.runtime.Composable
import tandem.screens.Problem
import tandem.ui.parts.Head
import tandem.ui.parts.Missing
import tandem.ui.parts.Screen
import tandem.ui.words.LocalSay

/** A home that can't be opened: why, and another try. Nothing of it was deleted. */
@Composable
fun ShutScreen(why: Problem, again: () -> Unit) = Screen({ Head(LocalSay.current("welcome.title")) }) { Missing(why, again) }

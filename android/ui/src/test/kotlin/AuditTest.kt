package tandem.ui

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.junit.Test
import kotlin.test.assertTrue

/** The audit finds what it is there for. */
class AuditTest {
    private fun complaints(content: @Composable () -> Unit): List<String> {
        val audit = Audit("planted", "inbox")
        drawn(Look(), see = audit::look, content = content)
        return audit.wrong
    }

    private fun List<String>.has(what: String) = assertTrue(any { what in it }, "'$what' was not found in $this")

    @Test fun `a button without a name, a role or room for a thumb is found`() {
        val wrong = complaints { Box(Modifier.size(20.dp).clickable {}) }
        for (what in listOf("has no name", "has no role", "is 20.0 by 20.0", "has no heading", "how fresh it is")) wrong.has(what)
    }

    @Test fun `what hangs out of the screen and can not be scrolled to is found`() {
        complaints {
            Box(
                Modifier.offset(y = 770.dp).size(48.dp).clickable(role = Role.Button) {},
            ) { Text("Late") }
        }.has("'Late' is out of reach")
    }

    @Test fun `words that are cut or broken in two are found`() {
        val wrong =
            complaints {
                Column {
                    Text("Some words for which there is no room", Modifier.size(120.dp, 16.dp))
                    Text("Unavoidable", Modifier.width(48.dp))
                }
            }
        wrong.has("is cut")
        wrong.has("'Unavoidable' is broken in two")
    }
}

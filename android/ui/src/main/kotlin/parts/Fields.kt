package tandem.ui.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Icon
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import tandem.ui.theme.Type
import tandem.ui.theme.colours

/** Something to write in. Its label stands over it, where it has room in every size of type. */
@Composable
fun Write(
    label: String,
    text: String,
    onText: (String) -> Unit,
    modifier: Modifier = Modifier,
    hint: String? = null,
    wrong: String? = null,
    lines: Int = 1,
    style: TextStyle = Type.body,
    keyboard: KeyboardType = KeyboardType.Text,
) {
    Column(modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(4.dp)) {
        Text(label, style = Type.label, color = colours.ink)
        OutlinedTextField(
            value = text,
            onValueChange = onText,
            modifier =
                Modifier.fillMaxWidth().heightIn(min = 56.dp).semantics {
                    contentDescription = label
                    if (wrong != null) error(wrong)
                },
            textStyle = style,
            isError = wrong != null,
            singleLine = lines == 1,
            minLines = lines,
            maxLines = if (lines == 1) 1 else 12,
            keyboardOptions = KeyboardOptions(keyboardType = keyboard),
            shape = RoundedCornerShape(12.dp),
            colors =
                OutlinedTextFieldDefaults.colors(
                    unfocusedBorderColor = colours.edge,
                    focusedBorderColor = colours.accent,
                    errorBorderColor = colours.amber,
                    errorCursorColor = colours.accent,
                    cursorColor = colours.accent,
                ),
        )
        val below = wrong ?: hint
        if (below != null) {
            Text(below, style = Type.state, color = if (wrong == null) colours.quiet else colours.onAmber)
        }
    }
}

/** One of several, in a row of its own; `more` says what it means. */
@Composable
fun OneOf(
    text: String,
    chosen: Boolean,
    choose: () -> Unit,
    more: String? = null,
) {
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = 48.dp)
            .selectable(chosen, role = Role.RadioButton, onClick = choose)
            .padding(vertical = 8.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = if (more == null) Alignment.CenterVertically else Alignment.Top,
    ) {
        RadioButton(chosen, null)
        Column(Modifier.weight(1f)) {
            Text(text, style = Type.body)
            if (more != null) Text(more, style = Type.state, color = colours.quiet)
        }
    }
}

/** One of a few, short ones beside each other. What is chosen has an edge and a ground, not only a colour. */
@Composable
fun Chip(
    text: String,
    chosen: Boolean,
    choose: () -> Unit,
    icon: ImageVector? = null,
) {
    Surface(
        onClick = choose,
        modifier =
            Modifier.heightIn(min = 48.dp).semantics {
                role = Role.RadioButton
                selected = chosen
            },
        shape = RoundedCornerShape(16.dp),
        color = if (chosen) colours.soft else colours.ground,
        contentColor = if (chosen) colours.onSoft else colours.ink,
        border = BorderStroke(if (chosen) 2.dp else 1.dp, if (chosen) colours.accent else colours.edge),
    ) {
        Row(
            Modifier.padding(horizontal = 12.dp, vertical = 10.dp),
            horizontalArrangement = Arrangement.spacedBy(6.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            if (icon != null) Icon(icon, null, Modifier.size(beside(20)))
            Text(text, style = Type.button)
        }
    }
}

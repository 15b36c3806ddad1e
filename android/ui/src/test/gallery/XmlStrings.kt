package tandem.ui

import org.w3c.dom.Element
import org.w3c.dom.NodeList
import tandem.ui.words.Strings
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

/** Android's own resources on a plain JVM: the files that the app ships. A key that is none fails the test. */
class XmlStrings(val language: String) : Strings {
    private val always: Map<String, String>
    private val plurals: Map<String, Map<String, String>>

    init {
        val folder = if (language == "en") "values" else "values-$language"
        val file = File(System.getProperty("tandem.res"), "$folder/strings.xml")
        val root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file).documentElement
        always = root.getElementsByTagName("string").elements().associate { it.name to plain(it) }
        plurals =
            root.getElementsByTagName("plurals").elements().associate { many ->
                many.name to
                    many.getElementsByTagName("item").elements().associate { it.getAttribute("quantity") to plain(it) }
            }
    }

    val keys get() = always.keys + plurals.keys

    override fun template(key: String, count: Long?): String {
        val name = key.replace('.', '_')
        always[name]?.let { return it }
        val forms = plurals[name] ?: error("no words for $key in $language")
        return forms.getValue(if (count == 1L) "one" else "other")
    }

    private val Element.name get() = getAttribute("name")

    private fun plain(element: Element) =
        element.textContent
            .removeSurrounding("\"")
            .replace(Regex("""\\(['"@?\\])"""), "$1")
            .replace("\\n", "\n")

    private fun NodeList.elements() = (0 until length).map { item(it) as Element }
}

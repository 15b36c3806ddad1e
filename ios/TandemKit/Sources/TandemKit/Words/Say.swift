import Foundation

/// Says a phrase in the phone's language. The only code that puts anything into words.
public struct Say: Sendable {
    /// Where the words are.
    public let strings: any Strings
    /// How times are written.
    public let moments: Moments
    /// Names as this phone knows them.
    public let names: [PersonId: String]

    public init(
        strings: any Strings, names: [PersonId: String] = [:], now: Date = .now, timeZone: TimeZone = .current
    ) {
        self.strings = strings
        self.names = names
        moments = Moments(now: now, locale: strings.locale, timeZone: timeZone)
    }

    private init(strings: any Strings, names: [PersonId: String], moments: Moments) {
        (self.strings, self.names, self.moments) = (strings, names, moments)
    }

    /// The same with these names, at this time.
    public func knowing(_ names: [PersonId: String], now: Date = .now) -> Say {
        let moments = Moments(now: now, locale: moments.locale, timeZone: moments.timeZone)
        return Say(strings: strings, names: names, moments: moments)
    }

    /// A screen's fixed text.
    public func callAsFunction(_ key: String) -> String { strings.template(key: key, count: nil) }

    /// A screen's own text with something put in.
    public func callAsFunction(_ key: String, _ args: KeyValuePairs<String, ArgValue>) -> String {
        self(Phrase(key: key, args: args.map { PhraseArg(name: $0.key, value: $0.value) }))
    }

    /// A phrase.
    public func callAsFunction(_ phrase: Phrase) -> String {
        var count: UInt64?
        var put: [String: String] = [:]
        for arg in phrase.args {
            if arg.name == "n", case .count(let n) = arg.value { count = n }
            put[arg.name] = written(arg.value)
        }
        return Self.filled(strings.template(key: phrase.key, count: count), with: put)
    }

    /// A phrase that begins a line: its first letter is a capital.
    public func beginning(_ phrase: Phrase) -> String {
        let words = self(phrase)
        return words.prefix(1).uppercased(with: moments.locale) + words.dropFirst()
    }

    /// Sentences one after another.
    public func callAsFunction(_ phrases: [Phrase]) -> String {
        phrases.map { self($0) }.joined(separator: " ")
    }

    /// Somebody's name, or that it is not known.
    public func name(of person: PersonId) -> String { name(names[person] ?? "") }

    /// A name as it stands in the text, or words in its place.
    public func name(_ name: String) -> String {
        Self.line(name).isEmpty ? self("someone.anyone") : Self.isolated(name)
    }

    /// Several as a list.
    public func list(_ names: [String]) -> String {
        guard let last = names.last else { return self("someone.anyone") }
        guard names.count > 1, let first = names.first else { return last }
        let comma = self("list.comma")
        let before = names[1..<(names.count - 1)].reduce(first) { before, next in
            Self.filled(comma, with: ["before": before, "next": next])
        }
        return Self.filled(self("list.and"), with: ["before": before, "last": last])
    }

    private func written(_ value: ArgValue) -> String {
        switch value {
        case .text(let text): Self.isolated(text)
        case .count(let count): count.formatted(.number.locale(moments.locale))
        case .moment(let at): moments.moment(at)
        case .day(let iso): moments.day(iso: iso) ?? Self.isolated(iso)
        case .person(let person): name(of: person)
        case .people(let people): list(people.map { name(of: $0) })
        case .word(let key): self(key)
        }
    }

    /// Other people's text inside ours: on one line, and neither side's direction turns the other's.
    public static func isolated(_ text: String) -> String { "\u{2068}\(line(text))\u{2069}" }

    /// On one line, without what is not to be seen.
    public static func line(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            // What turns the direction of text and could be left open in somebody's words.
            case 0x202A...0x202E, 0x2066...0x2069: break
            default:
                if scalar.properties.isWhitespace {
                    plain.append(" ")
                } else if scalar.properties.generalCategory != .control {
                    plain.append(scalar)
                }
            }
        }
        return String(plain).trimmed
    }

    /// The words with what is put in. What is put in is not looked at again.
    static func filled(_ template: String, with put: [String: String]) -> String {
        var words = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            words += rest[..<open]
            words += put[name] ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return words + rest
    }
}

import Foundation

/// How times are written: as short as they are clear.
public struct Moments: Hashable, Sendable {
    /// Now, as far as a screen knows.
    public let now: Date
    /// The language.
    public let locale: Locale
    /// Where the phone is.
    public let timeZone: TimeZone
    private let calendar: Calendar

    public init(now: Date, locale: Locale, timeZone: TimeZone) {
        (self.now, self.locale, self.timeZone) = (now, locale, timeZone)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        calendar.locale = locale
        self.calendar = calendar
    }

    /// The time; with its day when that is not today, with its year when it is not this one.
    public func moment(_ at: Timestamp) -> String {
        let date = Self.date(at)
        let time = style.hour().minute()
        if calendar.isDate(date, inSameDayAs: now) { return date.formatted(time) }
        let day = time.weekday(.abbreviated).day().month(.abbreviated)
        return date.formatted(sameYear(date) ? day : day.year())
    }

    /// A day of a calendar, written out; none if this is no day.
    public func day(iso: String) -> String? {
        guard let date = day(of: iso) else { return nil }
        return day(date)
    }

    /// The day of a moment as a heading, with its year when it is not this one.
    public func day(_ date: Date) -> String {
        let day = style.weekday(.wide).day().month(.wide)
        return date.formatted(sameYear(date) ? day : day.year())
    }

    /// The time of day alone, where the day stands above.
    public func time(_ at: Timestamp) -> String { Self.date(at).formatted(style.hour().minute()) }

    /// How many days a day is before today.
    public func daysAgo(_ day: Date) -> Int? {
        let (from, to) = (calendar.startOfDay(for: day), calendar.startOfDay(for: now))
        return calendar.dateComponents([.day], from: from, to: to).day
    }

    /// The beginning of the day of a moment.
    public func day(of at: Timestamp) -> Date { calendar.startOfDay(for: Self.date(at)) }

    /// A day as it stands in a field, `YYYY-MM-DD`.
    public func iso(_ date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    }

    /// The day that a field names.
    public func day(of iso: String) -> Date? {
        let numbers = iso.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let day = numbers[2] else {
            return nil
        }
        let parts = DateComponents(year: year, month: month, day: day)
        guard let date = calendar.date(from: parts), self.iso(date) == iso else { return nil }
        return date
    }

    static func date(_ at: Timestamp) -> Date { Date(timeIntervalSince1970: Double(at) / 1000) }

    private var style: Date.FormatStyle {
        Date.FormatStyle(locale: locale, calendar: calendar, timeZone: timeZone)
    }

    private func sameYear(_ date: Date) -> Bool {
        calendar.isDate(date, equalTo: now, toGranularity: .year)
    }
}

/// Where somebody is: the places on top of the inbox, the last one is seen.
extension [Place] {
    /// The way after going somewhere: back to where somebody was already, else on top. What was written is left
    /// behind once it is said.
    public func going(to place: Place) -> [Place] {
        switch place {
        case .inbox, .welcome: return []
        default: break
        }
        if let here = firstIndex(of: place) { return Array(self[...here]) }
        if case .compose? = last, case .thread = place { return dropLast() + [place] }
        return self + [place]
    }
}

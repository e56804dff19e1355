package import Carbon
package import Documents
package import Host

/// The carbon intensity of a window, from wherever the factors say.
package enum Grid {
    /// Reads the table, the file or asks the service; files are looked for from the current folder.
    ///
    /// Electricity Maps' token is in the file that the factors name or in `ELECTRICITY_MAPS_TOKEN`; WattTime's user, as
    /// `name:password`, in the file or in `WATTTIME_USER` and `WATTTIME_PASSWORD`. Throws where the window is not covered
    /// and there is no fallback.
    package static func intensity(
        _ factors: Factors, from start: Moment, to end: Moment
    ) throws(Failure) -> AppliedIntensity {
        let source = factors.intensity
        var intensities: Intensities?
        var revision: String?
        switch source.source {
        case .table, .fixed: break
        case .file:
            let path = source.path ?? ""
            let text = try Files.read(path)
            do {
                intensities = try Intensities(parsing: text)
            } catch {
                throw Failure(.configuration, "read \(path): \(error)")
            }
            revision = "sha256:\(Files.sha256(text))"
        case .electricityMaps:
            let token = try Secret.find(file: source.tokenFile, variables: ["ELECTRICITY_MAPS_TOKEN"])
            intensities = try ElectricityMaps(url: source.url ?? ElectricityMaps.usual, token: token)
                .intensities(of: factors.region, from: start, to: end)
            revision = "asked \(Moment.now)"
        case .watttime:
            let user = try Secret.find(file: source.tokenFile, variables: ["WATTTIME_USER", "WATTTIME_PASSWORD"])
            intensities = try WattTime(url: source.url ?? WattTime.usual, user: user)
                .intensities(of: factors.region, from: start, to: end)
            revision = "asked \(Moment.now)"
        }
        do {
            return try AppliedIntensity(factors, intensities: intensities, revision: revision, from: start, to: end)
        } catch {
            throw Failure(.dataMissing, "find the carbon intensity of \(factors.region): \(error)")
        }
    }
}

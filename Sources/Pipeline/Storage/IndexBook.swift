internal import Archive
internal import Documents
internal import Glibc

/// The file of the index: each run's record and stamp, in SQLite.
struct IndexBook {
    let path: String

    /// Its format; a file of another is made anew.
    private static let format = 1
    private static let tables = """
        CREATE TABLE run(
          name TEXT PRIMARY KEY, stamp TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, project TEXT, organization TEXT,
          configuration TEXT, version TEXT, start INTEGER, end INTEGER, primary_scope TEXT, sci REAL, sci_unit TEXT
        ) WITHOUT ROWID;
        CREATE TABLE energy(
          name TEXT, place INTEGER, scope TEXT NOT NULL, joules REAL NOT NULL, lower REAL NOT NULL, upper REAL NOT NULL,
          watts REAL NOT NULL, PRIMARY KEY(name, place)
        ) WITHOUT ROWID;
        PRAGMA user_version = \(format);
        """

    /// All entries by the names of their runs; nil where they cannot be read.
    func entries() -> [String: RunIndex.Entry]? {
        guard access(path, F_OK) == 0 else { return nil }
        return withDatabase { (database) throws(Database.Problem) in
            try database.transaction(writing: false) { () throws(Database.Problem) in
                try Self.entries(in: database, try Self.energies(in: database))
            }
        }
    }

    private static func energies(
        in database: borrowing Database
    ) throws(Database.Problem) -> [String: [RunRecord.Energy]] {
        let rows = try database.prepare("SELECT name, scope, joules, lower, upper, watts FROM energy")
        var energies: [String: [RunRecord.Energy]] = [:]
        while try rows.step() {
            energies[rows.text(0) ?? "", default: []].append(
                RunRecord.Energy(
                    scope: rows.text(1) ?? "", joules: rows.number(2) ?? .nan, lowerJ: rows.number(3) ?? .nan,
                    upperJ: rows.number(4) ?? .nan, watts: rows.number(5) ?? .nan))
        }
        return energies
    }

    private static func entries(
        in database: borrowing Database, _ energies: [String: [RunRecord.Energy]]
    ) throws(Database.Problem) -> [String: RunIndex.Entry] {
        let rows = try database.prepare(
            """
            SELECT name, stamp, status, reason, project, organization, configuration, version, start, end,
              primary_scope, sci, sci_unit FROM run
            """)
        var entries: [String: RunIndex.Entry] = [:]
        while try rows.step() {
            let name = rows.text(0) ?? ""
            var record = RunRecord(run: name, status: rows.text(2) ?? "", reason: rows.text(3))
            record.project = rows.text(4)
            record.organization = rows.text(5)
            record.configuration = rows.text(6)
            record.version = rows.text(7)
            record.start = rows.integer(8).map { Moment(milliseconds: $0) }
            record.end = rows.integer(9).map { Moment(milliseconds: $0) }
            record.primary = rows.text(10)
            record.sci = rows.number(11)
            record.sciUnit = rows.text(12)
            record.energies = energies[name] ?? []
            entries[name] = RunIndex.Entry(stamp: rows.text(1) ?? "", record: record)
        }
        return entries
    }

    /// Replaces these entries and forgets those; what fails is left undone, and found out at the next listing.
    func update(_ changed: [RunIndex.Entry], without gone: Set<String>) {
        _ = withDatabase { (database) throws(Database.Problem) in
            try database.transaction(writing: true) { () throws(Database.Problem) in
                let forget = try database.prepare("DELETE FROM run WHERE name = ?")
                let forgetEnergy = try database.prepare("DELETE FROM energy WHERE name = ?")
                for name in gone.union(changed.map(\.record.run)) {
                    try forget.run([.text(name)])
                    try forgetEnergy.run([.text(name)])
                }
                let add = try database.prepare("INSERT INTO run VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                let addEnergy = try database.prepare("INSERT INTO energy VALUES(?, ?, ?, ?, ?, ?, ?)")
                for entry in changed {
                    let record = entry.record
                    try add.run([
                        .text(record.run), .text(entry.stamp), .text(record.status), .text(record.reason),
                        .text(record.project), .text(record.organization), .text(record.configuration),
                        .text(record.version), .integer(record.start?.milliseconds), .integer(record.end?.milliseconds),
                        .text(record.primary), .number(record.sci), .text(record.sciUnit),
                    ])
                    for (place, energy) in record.energies.enumerated() {
                        try addEnergy.run([
                            .text(record.run), .integer(Int64(place)), .text(energy.scope), .number(energy.joules),
                            .number(energy.lowerJ), .number(energy.upperJ), .number(energy.watts),
                        ])
                    }
                }
            }
        }
    }

    /// Works with the file, which is made anew if it is damaged or of another format; nil where that is not possible.
    private func withDatabase<Result>(
        _ work: (borrowing Database) throws(Database.Problem) -> Result
    ) -> Result? {
        for _ in 0..<2 {
            do throws(Database.Problem) {
                let database = try Database(path: path)
                try prepare(database)
                return try work(database)
            } catch {
                guard error.isDamaged else { return nil }
                for file in [path, path + "-journal"] { unlink(file) }
            }
        }
        return nil
    }

    /// Sees that the tables are there, and are ours.
    private func prepare(_ database: borrowing Database) throws(Database.Problem) {
        guard try format(of: database) != Self.format else { return }
        try database.transaction(writing: true) { () throws(Database.Problem) in
            // Another process may have made them meanwhile.
            guard try format(of: database) != Self.format else { return }
            try database.run("DROP TABLE IF EXISTS run; DROP TABLE IF EXISTS energy; \(Self.tables)")
        }
    }

    private func format(of database: borrowing Database) throws(Database.Problem) -> Int {
        let statement = try database.prepare("PRAGMA user_version")
        return try statement.step() ? Int(statement.integer(0) ?? 0) : 0
    }
}

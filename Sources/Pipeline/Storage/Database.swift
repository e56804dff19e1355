internal import CSQLite

/// A file of SQLite. Nothing that it holds is the only copy: whoever meets an error does without it.
struct Database: ~Copyable {
    /// What went wrong, by SQLite's number.
    struct Problem: Error {
        let code: Int32
        /// Whether the file is damaged or is something else: it can only be made anew.
        var isDamaged: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xff) }
    }

    private let handle: OpaquePointer

    /// Opens or makes a file; others may have it open too, and are waited for up to five seconds.
    init(path: String) throws(Problem) {
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
        guard code == SQLITE_OK, let handle else {
            sqlite3_close(handle)
            throw Problem(code: code)
        }
        sqlite3_busy_timeout(handle, 5000)
        self.handle = handle
    }

    deinit { sqlite3_close(handle) }

    /// Runs statements that take and give nothing.
    func run(_ statements: String) throws(Problem) {
        let code = sqlite3_exec(handle, statements, nil, nil, nil)
        guard code == SQLITE_OK else { throw Problem(code: code) }
    }

    /// Does all of the work on one state of the file: all of it is in the file then, or nothing if it throws or the process
    /// dies.
    func transaction<Result>(writing: Bool, _ work: () throws(Problem) -> Result) throws(Problem) -> Result {
        try run(writing ? "BEGIN IMMEDIATE" : "BEGIN")
        do throws(Problem) {
            let result = try work()
            try run("COMMIT")
            return result
        } catch {
            try? run("ROLLBACK")
            throw error
        }
    }

    /// A statement to be run, perhaps many times.
    func prepare(_ text: String) throws(Problem) -> Statement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, text, -1, &statement, nil)
        guard code == SQLITE_OK, let statement else { throw Problem(code: code) }
        return Statement(handle: statement)
    }
}

/// One statement, whose parameters are given at each step and whose columns are read by their numbers from 0.
struct Statement: ~Copyable {
    fileprivate let handle: OpaquePointer

    deinit { sqlite3_finalize(handle) }

    /// What a parameter may be.
    enum Value {
        case text(String?)
        case integer(Int64?)
        case number(Double?)
    }

    /// Runs it with these parameters; its rows, if any, are not wanted.
    func run(_ values: [Value]) throws(Database.Problem) {
        sqlite3_reset(handle)
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            // The destructor -1 is SQLITE_TRANSIENT: SQLite makes a copy.
            let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            let code =
                switch value {
                case .text(let text?): sqlite3_bind_text(handle, place, text, -1, copy)
                case .integer(let number?): sqlite3_bind_int64(handle, place, number)
                case .number(let number?): sqlite3_bind_double(handle, place, number)
                default: sqlite3_bind_null(handle, place)
                }
            guard code == SQLITE_OK else { throw Database.Problem(code: code) }
        }
        _ = try step()
    }

    /// Goes to the next row; false after the last one.
    func step() throws(Database.Problem) -> Bool {
        let code = sqlite3_step(handle)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw Database.Problem(code: code) }
        return code == SQLITE_ROW
    }

    func text(_ column: Int32) -> String? { sqlite3_column_text(handle, column).map { String(cString: $0) } }
    func integer(_ column: Int32) -> Int64? { isNull(column) ? nil : sqlite3_column_int64(handle, column) }
    func number(_ column: Int32) -> Double? { isNull(column) ? nil : sqlite3_column_double(handle, column) }

    private func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
}

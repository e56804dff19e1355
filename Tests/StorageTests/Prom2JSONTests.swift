import Documents
import Families
import Testing

@Suite struct Prom2JSONTests {
    /// What prom2json 1.3.0, from Debian's sources of it, makes of the page below, its families sorted.
    private static let expected = #"""
        [{"name":"bare","help":"","type":"UNTYPED","metrics":[\#
        {"labels":{"x":"y"},"value":"4"}]},\#
        {"name":"http","help":"A histogram.","type":"HISTOGRAM","metrics":[\#
        {"buckets":{"+Inf":"144320","0.05":"24054","1":"133988"},"count":"144320","sum":"53423"},\#
        {"labels":{"z":"q"},"timestamp_ms":"1395066363000","buckets":{"+Inf":"1"},"count":"1","sum":"0.5"}]},\#
        {"name":"rpc","help":"A summary.","type":"SUMMARY","metrics":[\#
        {"quantiles":{"0.01":"3102","0.5":"4773","0.99":"76656"},"count":"2693","sum":"1.7560473e+07"},\#
        {"labels":{"m":"a"},"quantiles":{"0.5":"NaN"},"count":"2","sum":"5"}]},\#
        {"name":"untold","help":"","type":"GAUGE","metrics":[\#
        {"value":"3"}]},\#
        {"name":"zz_total","help":"The \u003clast\u003e \u0026 \"best\"\nof \\ all","type":"COUNTER","metrics":[\#
        {"labels":{"a":"x\u003cy\u003e\u0026\"z\"\n\\é ","b":"2"},"timestamp_ms":"1395066363000","value":"1027"},\#
        {"value":"1.23456789e+08"},\#
        {"labels":{"a":"1"},"value":"1e+06"},\#
        {"labels":{"a":"2"},"value":"1e+20"},\#
        {"labels":{"a":"3"},"value":"1e+21"},\#
        {"labels":{"a":"4"},"value":"0.0001"},\#
        {"labels":{"a":"5"},"value":"1e-05"},\#
        {"labels":{"a":"6"},"value":"-0.5"},\#
        {"labels":{"a":"7"},"value":"NaN"},\#
        {"labels":{"a":"8"},"value":"+Inf"},\#
        {"labels":{"a":"9"},"value":"-Inf"},\#
        {"labels":{"a":"10"},"value":"123456.5"},\#
        {"labels":{"a":"11"},"value":"1.23456725e+06"},\#
        {"labels":{"a":"12"},"value":"999999"},\#
        {"labels":{"a":"13"},"value":"-0"},\#
        {"labels":{"a":"14"},"value":"1.7976931348623157e+308"},\#
        {"labels":{"a":"15"},"value":"5e-324"},\#
        {"labels":{"a":"16"},"value":"1.2345678901234567e+19"},\#
        {"labels":{"a":"17"},"value":"100000"}]}]
        """# + "\n"

    private static let page = #"""
        # HELP zz_total The <last> & "best"\nof \\ all
        # TYPE zz_total counter
        zz_total{b="2",a="x<y>&\"z\"\n\\é "} 1027 1395066363000
        zz_total 123456789
        zz_total{a="1"} 1e6
        zz_total{a="2"} 1e20
        zz_total{a="3"} 1e21
        zz_total{a="4"} 0.0001
        zz_total{a="5"} 0.00001
        zz_total{a="6"} -0.5
        zz_total{a="7"} NaN
        zz_total{a="8"} +Inf
        zz_total{a="9"} -Inf
        zz_total{a="10"} 123456.5
        zz_total{a="11"} 1234567.25
        zz_total{a="12"} 999999
        zz_total{a="13"} -0
        zz_total{a="14"} 1.7976931348623157e+308
        zz_total{a="15"} 5e-324
        zz_total{a="16"} 12345678901234567890
        zz_total{a="17"} 100000
        # TYPE untold gauge
        untold 3
        bare{x="y"} 4
        # HELP rpc A summary.
        # TYPE rpc summary
        rpc{quantile="0.01"} 3102
        rpc{quantile="0.5"} 4773
        rpc{quantile="0.99"} 76656
        rpc_sum 1.7560473e+07
        rpc_count 2693
        rpc{m="a",quantile="0.5"} NaN
        rpc_sum{m="a"} 5
        rpc_count{m="a"} 2
        # HELP http A histogram.
        # TYPE http histogram
        http_bucket{le="0.05"} 24054
        http_bucket{le="1"} 133988
        http_bucket{le="+Inf"} 144320
        http_sum 53423
        http_count 144320
        http_bucket{z="q",le="+Inf"} 1 1395066363000
        http_sum{z="q"} 0.5 1395066363000
        http_count{z="q"} 1 1395066363000
        # HELP nothing No samples.
        # TYPE nothing gauge

        """#

    @Test func aPageBecomesTheBytesThatPrometheusProgramWrites() throws {
        #expect(try Prom2JSON.line(of: Self.page) == Self.expected)
    }

    @Test func aPageInOpenMetricsHasTheSameFamilies() throws {
        let text = "# HELP c_total Joules \"so\".\n# TYPE c_total counter\nc_total{a=\"b\"} 1.5 1700000000123\n"
        let openMetrics = """
            # HELP c Joules \\"so\\".
            # TYPE c counter
            # UNIT c joules
            c_total{a="b"} 1.5 1700000000.123
            c_created{a="b"} 1700000000.5
            # EOF

            """
        #expect(try Prom2JSON.line(of: openMetrics) == Prom2JSON.line(of: text))
        #expect(
            try Prom2JSON.line(of: "# TYPE i info\ni_info 1\n# TYPE u unknown\nu 2\n# EOF\n")
                == #"[{"name":"i_info","help":"","type":"GAUGE","metrics":[{"value":"1"}]},"#
                + #"{"name":"u","help":"","type":"UNTYPED","metrics":[{"value":"2"}]}]"# + "\n")
    }

    @Test func whatIsNoPageSaysWhy() {
        #expect(throws: Misread("", "line 2: duplicate series of a")) { try Prom2JSON.line(of: "a 1\na 2\n") }
        #expect(throws: Misread("", "a is of the type gaugehistogram, which prom2json does not have")) {
            try Prom2JSON.line(of: "# TYPE a gaugehistogram\na 1\n")
        }
        #expect(throws: Misread("", "-1 is no count of a_count")) {
            try Prom2JSON.line(of: "# TYPE a summary\na_count -1\n")
        }
        #expect(throws: Misread("", "le \"x\" of a_bucket is not a number")) {
            try Prom2JSON.line(of: "# TYPE a histogram\na_bucket{le=\"x\"} 1\n")
        }
    }
}

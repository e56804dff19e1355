import Plots
import Testing

@Suite struct MarkupTests {
    @Test func nothingOfATextMeansSomethingToABrowser() {
        #expect(Markup.escaped("<a b=\"c\">'&'") == "&lt;a b=&quot;c&quot;&gt;&#39;&amp;&#39;")
    }
}

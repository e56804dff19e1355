/// The look of pages and plots: one accent, in light and dark; each text keeps a contrast of at least 4.5 to its ground.
enum Theme {
    /// The shapes and letters of plots, whose colours are the page's.
    static let plots: StaticString = """
        .plot text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
        font-variant-numeric:tabular-nums;fill:var(--ink)}
        .plot .soft{fill:var(--soft)}.plot .head{font-weight:600}.plot .outlier{fill:var(--bad)}
        .plot .paper{fill:var(--paper)}
        .plot .grid{stroke:var(--rule)}.plot .axis{stroke:var(--soft)}.plot .zero{stroke:var(--ink)}
        .plot .edge{stroke:var(--soft);stroke-dasharray:2 3}
        .plot .quiet{fill:var(--soft);fill-opacity:.1}.plot .measured{fill:var(--accent);fill-opacity:.12}
        .plot .margin{fill:var(--accent);fill-opacity:.14}
        .plot .series{fill:none;stroke-width:1.6;stroke-linejoin:round}
        .plot .s0{stroke:var(--accent)}.plot .s1{stroke:var(--second)}.plot .s2{stroke:var(--third)}
        .plot .s3{stroke:var(--fourth)}.plot .s4{stroke:var(--soft)}
        .plot .s1,.plot .s3{stroke-dasharray:9 2}
        .plot .bar{fill:var(--accent);fill-opacity:.78}.plot .rest{fill:var(--soft);fill-opacity:.5}
        .plot .whisker{stroke:var(--ink);stroke-width:1.3}.plot .mean{stroke:var(--accent);stroke-width:2}
        .plot .point{fill:var(--soft);fill-opacity:.55;stroke:var(--paper);stroke-width:.7}
        .plot .value{fill:var(--accent);stroke:var(--paper);stroke-width:1}
        .plot .far{fill:var(--paper);stroke:var(--bad);stroke-width:1.8}
        .plot .trend{fill:none;stroke:var(--accent);stroke-opacity:.6;stroke-width:1.4}

        """

    /// The colours of a plot that stands alone.
    static let colours: StaticString = """
        .plot{--paper:#fcfcfa;--ink:#1c2326;--soft:#566167;--rule:#dcdfdc;--accent:#0a6b68;--second:#a8560a;
        --third:#5d4a9c;--fourth:#2a64a6;--bad:#a8231b}
        @media (prefers-color-scheme:dark){.plot{--paper:#14191b;--ink:#e5e9e7;--soft:#a3adb0;--rule:#333c3f;
        --accent:#5fc4ba;--second:#e2a55c;--third:#b9a7ea;--fourth:#86b7ee;--bad:#ff938a}}
        @media print{.plot{--paper:#fff;--ink:#000;--soft:#4a4a4a;--rule:#ccc;--accent:#0a6b68;--second:#a8560a;
        --third:#5d4a9c;--fourth:#2a64a6;--bad:#a8231b}}

        """
}

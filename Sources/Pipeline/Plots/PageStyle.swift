extension Theme {
    /// The look of a page, its plots apart: a narrow column of calm text, figures first, tables that scroll in their boxes.
    static let page: StaticString = """
        :root{color-scheme:light dark;--paper:#fcfcfa;--raised:#f3f4f1;--ink:#1c2326;--soft:#566167;--rule:#dcdfdc;
        --accent:#0a6b68;--second:#a8560a;--third:#5d4a9c;--fourth:#2a64a6;--bad:#a8231b;--doubt:#855300;
        --shade:#1c232630}
        @media (prefers-color-scheme:dark){:root{--paper:#14191b;--raised:#1d2427;--ink:#e5e9e7;--soft:#a3adb0;
        --rule:#333c3f;--accent:#5fc4ba;--second:#e2a55c;--third:#b9a7ea;--fourth:#86b7ee;--bad:#ff938a;--doubt:#e6b35c;
        --shade:#000a}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
        "Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        main{max-width:70rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}
        .kicker{margin:0 0 .4rem;color:var(--accent);font-size:.8125rem;font-weight:600;letter-spacing:.04em}
        h1{margin:0;font-size:clamp(1.7rem,1.3rem + 2vw,2.5rem);line-height:1.15;font-weight:650;letter-spacing:-.015em}
        .subtitle{margin:.35rem 0 0;color:var(--soft)}
        .status{display:flex;flex-wrap:wrap;align-items:baseline;gap:.3rem .7rem;margin:1.2rem 0 0}
        .status>*{min-width:0}
        .badge{display:inline-block;padding:.05rem .6rem;border:1.5px solid currentColor;border-radius:1rem;
        font-size:.8125rem;font-weight:650;color:var(--accent);overflow-wrap:normal}
        .badge.failed,.badge.regression{color:var(--bad)}.badge.invalid,.badge.estimate,.badge.inconclusive{color:var(--doubt)}
        .lead{margin:1.4rem 0 0;font-size:1.1875rem;line-height:1.5;max-width:44rem}
        .caution{margin:1rem 0 0;padding:.6rem .9rem;border-left:3px solid var(--doubt);background:var(--raised)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(11rem,100%),1fr));gap:1.25rem 1.5rem;
        margin:2rem 0 0;padding:1.25rem 0;border-top:2px solid var(--ink);border-bottom:1px solid var(--rule)}
        .figures dt{color:var(--soft);font-size:.875rem}
        .figures dd{margin:0}
        .figures .value{font-size:1.625rem;line-height:1.25;font-weight:600;letter-spacing:-.01em}
        .figures .detail{color:var(--soft);font-size:.875rem}
        section{margin-top:2.75rem}
        h2{margin:0 0 .75rem;font-size:1.25rem;line-height:1.3;font-weight:650}
        p{margin:.5rem 0;max-width:44rem}
        figure{margin:1rem 0 0}
        figcaption{color:var(--soft);font-size:.875rem;margin-top:.25rem;max-width:44rem}
        svg.plot{display:block;width:100%;max-width:56rem;height:auto;overflow:visible}
        svg.narrow{display:none}
        /* A shade at the edge where there is more to see. */
        .scroll{background:linear-gradient(90deg,var(--paper) 1.2rem,transparent) 0/2.4rem 100% no-repeat local,
        linear-gradient(270deg,var(--paper) 1.2rem,transparent) 100%/2.4rem 100% no-repeat local,
        linear-gradient(90deg,var(--shade),transparent) 0/.7rem 100% no-repeat scroll,
        linear-gradient(270deg,var(--shade),transparent) 100%/.7rem 100% no-repeat scroll;overflow-x:auto;margin-top:1.25rem;overflow-wrap:normal}
        .scroll:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
        table{border-collapse:collapse;min-width:min(100%,36rem);font-size:.9375rem;line-height:1.4}
        caption{text-align:left;font-weight:600;padding-bottom:.35rem}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        th,td{padding:.35rem 1.1rem .35rem 0;text-align:left;vertical-align:baseline;white-space:nowrap}
        th:last-child,td:last-child{padding-right:0}
        thead th{color:var(--soft);font-size:.8125rem;font-weight:500;border-bottom:1px solid var(--soft);
        vertical-align:bottom}
        tbody th{font-weight:450;min-width:min(15rem,48vw);max-width:24rem;white-space:normal;overflow-wrap:anywhere}
        tbody th,tbody td{border-bottom:1px solid var(--rule)}
        td.p{white-space:normal;min-width:15rem;overflow-wrap:anywhere}
        .n{text-align:right}
        .note{color:var(--soft);font-size:.875rem}
        .formula{margin:.75rem 0;padding:.7rem .9rem;background:var(--raised);border-radius:.3rem;max-width:none}
        .formula b{font-weight:600}
        .facts{margin:.75rem 0 0}
        .facts div{display:grid;grid-template-columns:minmax(8rem,17rem) 1fr;gap:.1rem 1.25rem;padding:.3rem 0;
        border-bottom:1px solid var(--rule);font-size:.9375rem}
        .facts dt{color:var(--soft)}
        .facts dd{margin:0;min-width:0}
        .findings{padding:0;list-style:none}.findings li{margin:.5rem 0;max-width:44rem}
        ul{margin:.75rem 0;padding-left:1.2rem}
        li{margin:.25rem 0}
        code{font:.9em ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;background:var(--raised);
        padding:.1em .35em;border-radius:.2rem}
        footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.875rem}
        @media (max-width:600px){
        main{padding:1.5rem 1rem 2rem}.lead{font-size:1.0625rem}
        svg.wide{display:none}svg.narrow{display:block;max-width:28rem}
        .figures{grid-template-columns:repeat(auto-fit,minmax(min(8.5rem,100%),1fr));gap:1rem}.figures .value{font-size:1.25rem}
        .facts div{grid-template-columns:1fr}}
        @media print{
        @page{margin:16mm}
        :root{color-scheme:light;--paper:#fff;--raised:#fff;--ink:#000;--soft:#4a4a4a;--rule:#ccc;--accent:#0a6b68;
        --second:#a8560a;--third:#5d4a9c;--fourth:#2a64a6;--bad:#a8231b;--doubt:#855300}
        body{font-size:10.5pt}main{max-width:none;padding:0}section{margin-top:1.6rem}
        svg.wide{display:block}svg.narrow{display:none}
        h2,caption,figcaption{break-after:avoid}figure,tr,.figures,.formula,.facts div{break-inside:avoid}
        thead{display:table-header-group}
        .scroll{overflow:visible;background:none}table{font-size:8pt}th,td{padding-right:.6rem;white-space:normal}.n{white-space:nowrap}
        .formula{border:1px solid #ccc}}

        """
}

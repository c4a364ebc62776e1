/// The style of the page that ``HTMLReport`` writes: no outside fonts, one accent a series, both colour schemes.
enum HTMLStyle {
    static let css = """
        :root { color-scheme: light dark;
          --page: #f7f6f3; --card: #ffffff; --ink: #1d1c1a; --soft: #64605a; --rule: #e4e0d9;
          --first: #1f66b1; --second: #0f8a76; --third: #c27a12; --bad: #c23b32; --good: #2c7a3f; --other: #b9b4ab; }
        @media (prefers-color-scheme: dark) { :root {
          --page: #131312; --card: #1c1c1b; --ink: #ecebe7; --soft: #a09c94; --rule: #31302d;
          --first: #6fb0f2; --second: #4fc4ae; --third: #e3a94f; --bad: #f0857b; --good: #74c587; --other: #57544f; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: clamp(20px, 4vw, 56px) clamp(16px, 4vw, 40px); }
        article:not(:first-child) { margin-top: 64px; }
        main > header { margin-bottom: 24px; }
        h1 { font-size: clamp(22px, 3.4vw, 34px); line-height: 1.2; letter-spacing: -0.015em; font-weight: 650;
          margin: 4px 0 6px; overflow-wrap: anywhere; text-wrap: balance; }
        h2 { font-size: 15px; font-weight: 600; margin: 0; }
        p { margin: 0; }
        .kicker { font-size: 13px; font-weight: 600; letter-spacing: 0.06em; color: var(--soft); }
        .soft { color: var(--soft); font-size: 14px; }
        .verdict { margin: 24px 0 0; padding: 14px 18px; border-left: 4px solid var(--bad); border-radius: 4px 10px 10px 4px;
          background: var(--card); }
        .verdict.valid { border-color: var(--good); }
        .verdict strong { color: var(--bad); letter-spacing: 0.03em; margin-right: 10px; }
        .verdict.valid strong { color: var(--good); }
        .verdict ul { margin: 6px 0 0; padding-left: 18px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin: 16px 0; }
        .tile { background: var(--card); border-radius: 10px; padding: 14px 16px; }
        .tile dt { font-size: 13px; color: var(--soft); }
        .tile dd { margin: 2px 0 0; font-size: 26px; line-height: 1.2; font-weight: 600; letter-spacing: -0.01em;
          font-variant-numeric: tabular-nums; }
        .tile small { font-size: 14px; font-weight: 400; color: var(--soft); margin-left: 3px; }
        .tile.bad dd { color: var(--bad); }
        .grid-of-cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; }
        .card { background: var(--card); border-radius: 12px; padding: 18px 20px; min-width: 0; margin: 0 0 16px; }
        .grid-of-cards .card { margin: 0; }
        .grid-of-cards { margin-bottom: 16px; }
        .card > p { margin: 2px 0 10px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 15px; }
        th, td { padding: 7px 12px; text-align: right; white-space: nowrap; border-top: 1px solid var(--rule); }
        thead th { border-top: 0; font-size: 13px; font-weight: 500; color: var(--soft); }
        th:first-child, td:first-child { text-align: left; padding-left: 0; }
        th:last-child, td:last-child { padding-right: 0; }
        tbody th { font-weight: 500; }
        tr.summary { color: var(--soft); }
        .pass { color: var(--good); } .fail { color: var(--bad); font-weight: 600; }
        .words { display: grid; grid-template-columns: minmax(84px, auto) 1fr; gap: 8px 20px; margin: 10px 0 0; font-size: 15px; }
        .words dt { color: var(--soft); }
        .words dd { margin: 0; overflow-wrap: anywhere; }
        svg { display: block; width: 100%; height: auto; overflow: visible; }
        .grid { stroke: var(--rule); stroke-width: 1; vector-effect: non-scaling-stroke; }
        .faint { stroke-dasharray: 1 4; }
        .tick { font-size: 10.5px; fill: var(--soft); font-variant-numeric: tabular-nums; }
        .end { text-anchor: end; } .middle { text-anchor: middle; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
        .line.first { stroke: var(--first); } .line.second { stroke: var(--second); stroke-dasharray: 7 4; }
        .line.third { stroke: var(--third); stroke-width: 1.25; } .line.fourth { stroke: var(--good); stroke-width: 1.25; } .line.bad { stroke: var(--bad); }
        .line.other { stroke: var(--other); stroke-width: 1.25; }
        .hint { fill: var(--ink); fill-opacity: 0; } .hint:hover { fill-opacity: 0.06; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 0 0 10px; padding: 0; font-size: 13px;
          color: var(--soft); }
        .legend li::before { content: ""; display: inline-block; width: 18px; margin-right: 7px; vertical-align: middle;
          border-top: 3px solid var(--first); }
        .legend .second::before { border-top-style: dashed; border-color: var(--second); }
        .legend .third::before { border-top-width: 2px; border-color: var(--third); }
        .legend .fourth::before { border-top-width: 2px; border-color: var(--good); }
        .legend .bad::before { border-color: var(--bad); }
        .legend .other::before { border-top-width: 2px; border-color: var(--other); }
        footer { margin-top: 40px; font-size: 13px; color: var(--soft); max-width: 76ch; }
        footer p + p { margin-top: 8px; }
        @media print { body { background: none; } .card, .tile, .verdict { border: 1px solid var(--rule); break-inside: avoid; } }
        """
}

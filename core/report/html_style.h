// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace core {

/// The style of HTML reports, between the tags, and what the content security policy calls it (CSP level 2: base64 of
/// its SHA-256); a test keeps the two together.
inline constexpr std::string_view kHtmlStyle = R"(
:root { color-scheme: light dark; --text: #1c1c1c; --faint: #5f5f5f; --ground: #fff; --line: #dedede;
  --good: #007a59; --bad: #b34700; --doubtful: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --text: #ececec; --faint: #a8a8a8; --ground: #1e2228; --line: #3a4049;
  --good: #2cc295; --bad: #f07b2e; --doubtful: #e6a829; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; width: fit-content; min-width: min(100%, 65rem); background: var(--ground); color: var(--text);
  font: 15px/1.45 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
h1, h2, p, figure, pre, details { max-width: 62rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
p { margin: .35rem 0; }
.verdict { margin: .5rem 0 .75rem; padding-left: .75rem; border-left: .3rem solid var(--bad); font-size: 1.15rem; }
.verdict.good { border-color: var(--good); }
.good { color: var(--good); } .bad { color: var(--bad); } .doubtful { color: var(--doubtful); }
.faint { color: var(--faint); }
.verdict, .verdict.good { color: var(--text); }
table { margin: .25rem 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--faint); }
th, td { padding: .2rem 1rem .2rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; vertical-align: bottom; }
.number { text-align: right; white-space: nowrap; }
th.number { white-space: normal; }
figure { margin: .75rem 0 1.25rem; }
figure svg { display: block; width: 100%; height: auto; background: #fff; }
figure[data-times] svg { touch-action: pan-y; }
figure svg:focus-visible { outline: 2px solid #0072b2; }
.hair { stroke: #1c1c1c; pointer-events: none; }
output { position: fixed; right: 0; bottom: 0; left: 0; padding: .4rem 1.5rem; background: var(--ground);
  border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; }
output p { max-width: none; margin: .1rem 0; }
figcaption { color: var(--faint); }
summary { color: var(--faint); cursor: pointer; }
pre { margin: 0; padding: .75rem; border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere;
  font: 13px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
footer { margin-top: 2rem; color: var(--faint); }
@page { size: A4; margin: 14mm 12mm; }
@media print { :root { --text: #000; --faint: #444; --ground: #fff; --line: #bbb; --good: #007a59; --bad: #b34700;
  --doubtful: #8a5a00; } body { width: auto; padding: 0; font-size: 9.5pt; } details { display: none; }
  h2 { break-after: avoid; } figure, tr { break-inside: avoid; } .hair, output { display: none; }
  th, td { padding-right: .5rem; overflow-wrap: anywhere; }
  td.number, td.good, td.bad, td.doubtful { overflow-wrap: normal; } pre { font-size: 8pt; } }
)";
inline constexpr std::string_view kHtmlStyleHash = "sha256-3ba0QHBX5x/+etOVLFUi9FBLTYXSNjYnIMYxNuQOLVQ=";

} // namespace core

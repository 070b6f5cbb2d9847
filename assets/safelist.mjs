// Classes kept although no template names them yet, so that a page under construction looks right before the next build.
export const safelist = {
  standard: [/^(row|col|col-(auto|12|6|4|8|3|9))$/, /^col-(md|lg)-\d+$/, /^(m|p)[tbsexy]?-[0-5]$/, /^gap-[0-4]$/, /^g-[0-3]$/,
    /^d-(none|block|flex|grid|inline|inline-block|inline-flex)$/, /^d-(sm|md|lg)-(none|block|flex)$/,
    /^(flex-(fill|wrap|column|row)|align-items-(start|center|end|baseline)|justify-content-(between|center|end))$/,
    /^text-(start|end|center|nowrap|truncate|secondary|break)$/, /^(fw|fs)-(bold|normal|medium|\d)$/, /^(w|h)-(100|auto|50)$/,
    /^(ms|me)-auto$/, /^btn-(sm|link|outline-secondary|outline-danger|danger|primary|ghost-secondary|icon)$/, /^btn$/, /^list-unstyled$/,
    /^card(-body|-title|-header|-footer)?$/, /^table(-vcenter|-sm)?$/, /^form-(control|select|check|label|check-input|check-label|check-inline)$/,
    /^visually-hidden(-focusable)?$/, /^is-invalid$/, /^input-group(-text)?$/],
  deep: [],
  greedy: [],
  variables: [],
};

package io.matriarch.candidate;

/** What a campaign wants of its place in the line. */
enum Aim {
    /** To lead whenever it is its turn. */
    LEAD,
    /** To lead once; the campaign ends with that leadership. */
    LEAD_ONCE,
    /** Only to be there. */
    BE_THERE
}

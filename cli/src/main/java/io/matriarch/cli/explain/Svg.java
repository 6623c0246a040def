package io.matriarch.cli.explain;

import java.util.Locale;

/** Writes the elements of a picture; lengths in its own units, colours as in CSS. */
final class Svg {
    private final StringBuilder text = new StringBuilder();
    private final int width;

    Svg(int width) {
        this.width = width;
    }

    void rect(double x, double y, double w, double h, String attributes) {
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" %s/>", x, y, w, h, attributes);
    }

    void line(double x1, double y1, double x2, double y2, String attributes) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>", x1, y1, x2, y2, attributes);
    }

    void circle(double x, double y, double radius, String attributes) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" %s/>", x, y, radius, attributes);
    }

    /** A square on its corner. */
    void diamond(double x, double y, double radius, String attributes) {
        add(
                "<path d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ\" %s/>",
                x, y - radius, x + radius, y, x, y + radius, x - radius, y, attributes);
    }

    void text(double x, double y, String words, String attributes) {
        add("<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>", x, y, attributes, escaped(words));
    }

    /** The whole picture, self-contained, on white. */
    String document(double height, String title) {
        return String.format(Locale.ROOT, """
                        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %.0f" width="%d" height="%.0f" \
                        font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#222">
                        <title>%s</title>
                        <defs><pattern id="none" width="6" height="6" patternUnits="userSpaceOnUse" \
                        patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>\
                        <line x1="0" y1="0" x2="0" y2="6" stroke="#ccc" stroke-width="2"/></pattern></defs>
                        <rect width="100%%" height="100%%" fill="#fff"/>
                        """, width, height, width, height, escaped(title)) + text + "</svg>\n";
    }

    private void add(String form, Object... values) {
        text.append(String.format(Locale.ROOT, form, values)).append('\n');
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * What HdrHistogram itself makes of the values on standard input (microseconds, 32 bits without sign, little-endian):
 * counts and percentiles, then "buckets" with the highest value and the count of each, then "table" and its percentile
 * table in milliseconds. With the argument "decode": what it makes of each line, base64 of its compressed encoding: count,
 * maximum and percentiles, each bucket, and its own encoding of it.
 */
public class Reference {
    private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9, 99.99};

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("decode")) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(describe(line));
            }
            return;
        }
        summarize();
    }

    private static String describe(String text) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        Histogram histogram = Histogram.decodeFromCompressedByteBuffer(bytes, 0);
        StringBuilder line = new StringBuilder();
        line.append(histogram.getTotalCount()).append(' ').append(histogram.getMaxValue());
        for (double percentile : PERCENTILES) {
            line.append(' ').append(histogram.getValueAtPercentile(percentile));
        }
        line.append(" |");
        for (HistogramIterationValue bucket : histogram.recordedValues()) {
            line.append(' ').append(bucket.getValueIteratedTo());
            line.append(':').append(bucket.getCountAtValueIteratedTo());
        }
        ByteBuffer target = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(target);
        byte[] encoded = Arrays.copyOf(target.array(), length);
        return line.append(" | ").append(Base64.getEncoder().encodeToString(encoded)).toString();
    }

    private static void summarize() throws IOException {
        Histogram histogram = new Histogram(1, 3_600_000_000L, 3);
        try (DataInputStream input = new DataInputStream(new BufferedInputStream(System.in, 1 << 20))) {
            byte[] block = new byte[1 << 16];
            for (int length = input.readNBytes(block, 0, block.length); length > 0;
                    length = input.readNBytes(block, 0, block.length)) {
                ByteBuffer values = ByteBuffer.wrap(block, 0, length).order(ByteOrder.LITTLE_ENDIAN);
                while (values.remaining() >= 4) {
                    histogram.recordValue(values.getInt() & 0xFFFFFFFFL);
                }
            }
        }
        System.out.println("count " + histogram.getTotalCount());
        System.out.println("mean " + histogram.getMean());
        System.out.println("max " + histogram.getMaxValue());
        for (double percentile : PERCENTILES) {
            System.out.println("p" + percentile + " " + histogram.getValueAtPercentile(percentile));
        }
        System.out.println("buckets");
        for (HistogramIterationValue bucket : histogram.recordedValues()) {
            System.out.println(bucket.getValueIteratedTo() + " " + bucket.getCountAtValueIteratedTo());
        }
        System.out.println("table");
        histogram.outputPercentileDistribution(System.out, 5, 1000.0);
    }
}

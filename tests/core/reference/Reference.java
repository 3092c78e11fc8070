// SPDX-License-Identifier: GPL-3.0-or-later
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * What HdrHistogram itself makes of the values on standard input (microseconds, 32 bits without sign, little-endian):
 * counts and percentiles, then "buckets" with the highest value and the count of each, then "table" and its percentile
 * table in milliseconds.
 */
public class Reference {
    private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9, 99.99};

    public static void main(String[] arguments) throws IOException {
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

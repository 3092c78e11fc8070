#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace core {

/// A set of sequence numbers that fill up roughly in order: chunks of 65,536 bits, of which a full one costs nothing.
/// Not synchronised.
class SequenceSet {
public:
    bool insert(std::uint64_t sequence); ///< true if it was not there
    bool contains(std::uint64_t sequence) const;
    std::uint64_t size() const;
    void insertRange(std::uint64_t from, std::uint64_t until); ///< half-open
    void add(const SequenceSet& other);

    std::uint64_t sizeOfDifference(const SequenceSet& other) const;   ///< members of this that `other` lacks
    std::uint64_t sizeOfIntersection(const SequenceSet& other) const;
    /// Members of this that `other` lacks, the first `limit` of them, ascending.
    std::vector<std::uint64_t> difference(const SequenceSet& other, std::size_t limit) const;

    /// Maximal runs, half-open, ascending.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> intervals() const;

    bool operator==(const SequenceSet& other) const;

private:
    struct Chunk; // 65,536 bits and how many are set; without bits when full
    std::map<std::uint64_t, Chunk> m_chunks;
    std::uint64_t m_size = 0;
};

} // namespace core

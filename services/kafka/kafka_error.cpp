// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/kafka_error.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

namespace services {

bool meansRefusal(int error) {
    return error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           error == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ||
           error == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED || error == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
           error == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED;
}

core::Error kafkaFailure(int error, const std::string& attempt, const char* reason) {
    const char* const words =
        reason != nullptr && *reason != '\0' ? reason : rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(error));
    auto sentence = fmt::format("{}: {}.", attempt, words);
    return meansRefusal(error) ? core::refused(std::move(sentence)) : core::transient(std::move(sentence));
}

} // namespace services

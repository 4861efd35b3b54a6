// Usage under a licence, and the value that it realises.
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/licence/rules.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/case.h"
#include "core/registry/state/licence_term.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/money.h"

namespace dataip::registry {
namespace {

// One command's events as they are counted, on top of the licence's state.
class UsageCount {
 public:
  UsageCount(const Case& a_case, const LicenceState& licence)
      : licence_(licence), today_(FormatDate(a_case.today())) {}

  MaybeRefusal Count(const v1::UsageEvent& event, int index) {
    RETURN_IF_REFUSED(CheckShape(event, index));
    const UsageKey key{event.source(), event.id()};
    const auto known = licence_.usage.find(key);
    if (known != licence_.usage.end()) {
      return CheckSame(known->second.counted.event(), event, index);
    }
    const auto value = ValueOf(event, index);
    if (const auto* refusal = std::get_if<Refusal>(&value)) return *refusal;
    const int64_t value_fen = std::get<int64_t>(value);
    const auto sum = AddFen(sum_fen_, value_fen);
    const auto total = sum ? AddFen(licence_.realised.fen, *sum) : std::nullopt;
    if (!total) return Overflow(index);
    const v1::LicencePrice& price = licence_.licence.price();
    if (price.has_fixed() && *total > price.fixed().fen()) {
      return Refuse(rpc::v1::RULE_REFUSES,
                    {At(index, "payment"), "USAGE_PRICE",
                     absl::StrCat("累计到账 ", *total, " 分，超过固定总价 ",
                                  price.fixed().fen(), " 分，请核对"),
                     absl::StrCat("payments come to ", *total,
                                  " fen, over the fixed price of ",
                                  price.fixed().fen(), "; check them"),
                     ""});
    }
    sum_fen_ = *sum;
    Take(event, key, value_fen);
    return std::nullopt;
  }

  int64_t sum_fen() const { return sum_fen_; }
  std::vector<v1::CountedUsage> TakeCounted() { return std::move(counted_); }

 private:
  static std::string At(int index, absl::string_view member) {
    return absl::StrCat("events[", index, "]", member.empty() ? "" : ".",
                        member);
  }

  static Refusal Invalid(int index, absl::string_view member,
                         absl::string_view rule, std::string zh,
                         std::string en) {
    return Refuse(rpc::v1::INVALID_FIELD, {At(index, member), std::string(rule),
                                           std::move(zh), std::move(en), ""});
  }

  static Refusal Overflow(int index) {
    return Invalid(index, "quantity", "USAGE_VALUE",
                   "金额超出可计算范围，请核对数量与单价",
                   "the amount is too large to count; check quantity and "
                   "price");
  }

  MaybeRefusal CheckShape(const v1::UsageEvent& event, int index) {
    if (!IsPrintableWord(event.source(), limits::kUsageIdBytes) ||
        !IsPrintableWord(event.id(), limits::kUsageIdBytes)) {
      return Invalid(index, "id", "USAGE_ID",
                     "来源与编号应为 1 至 64 个无空格的半角字符",
                     "source and id take 1 to 64 bytes of 0x21 to 0x7e");
    }
    if (!seen_.insert({event.source(), event.id()}).second) {
      return Invalid(index, "id", "USAGE_ID",
                     "同一批中来源与编号重复，请去掉重复的一条",
                     "source and id stand twice in this command; remove one");
    }
    const v1::Licence& licence = licence_.licence;
    const std::string& last = LastDayOf(licence);
    if (!ParseDate(event.occurred_on()) ||
        event.occurred_on() < licence.valid_from() ||
        event.occurred_on() > last || event.occurred_on() > today_) {
      return Invalid(
          index, "occurred_on", "USAGE_DATE",
          absl::StrCat("发生日应在许可期限 ", licence.valid_from(), " 至 ",
                       last, " 之内且不晚于今日(", today_, ")"),
          absl::StrCat("the day must lie in the licence's period, ",
                       licence.valid_from(), " to ", last,
                       ", and not after today (", today_, ")"));
    }
    return std::nullopt;
  }

  static MaybeRefusal CheckSame(const v1::UsageEvent& known,
                                const v1::UsageEvent& event, int index) {
    if (SerializeCanonical(known) == SerializeCanonical(event)) {
      return std::nullopt;
    }
    return Refuse(
        rpc::v1::ALREADY_EXISTS,
        {At(index, "id"), "USAGE_CONFLICT",
         absl::StrCat("运用记录 ", event.source(), "/", event.id(),
                      " 已存在且内容不同；更正请先冲销再以新编号记录"),
         absl::StrCat("usage ", event.source(), "/", event.id(),
                      " exists with other content; to correct it, "
                      "reverse it and record a new one"),
         ""});
  }

  std::variant<int64_t, Refusal> ValueOf(const v1::UsageEvent& event,
                                         int index) {
    if (!event.reverses_id().empty()) return ValueOfReversal(event, index);
    const v1::LicencePrice& price = licence_.licence.price();
    if (price.has_per_unit()) {
      if (event.quantity() <= 0 || event.has_payment()) {
        return Invalid(index, "quantity", "USAGE_VALUE",
                       "按量计价的许可填写大于 0 的数量，不填付款",
                       "a unit-priced licence takes a quantity over 0 and no "
                       "payment");
      }
      const auto value = MultiplyFen(price.per_unit().fen(), event.quantity());
      if (!value) return Overflow(index);
      return *value;
    }
    if (event.quantity() != 0 || event.payment().currency() != kCurrency ||
        event.payment().fen() <= 0) {
      return Invalid(index, "payment", "USAGE_VALUE",
                     "固定总价的许可填写大于 0 的人民币付款，不填数量",
                     "a fixed-price licence takes a payment in CNY over 0 and "
                     "no quantity");
    }
    return event.payment().fen();
  }

  std::variant<int64_t, Refusal> ValueOfReversal(const v1::UsageEvent& event,
                                                 int index) {
    if (event.quantity() != 0 || event.has_payment()) {
      return Invalid(index, "reverses_id", "USAGE_REVERSAL",
                     "冲销记录不填数量与付款",
                     "a reversal has neither quantity nor payment");
    }
    const UsageKey key{event.source(), event.reverses_id()};
    const UsageEntry* entry = Find(key);
    if (entry == nullptr) {
      return Refuse(rpc::v1::NOT_FOUND,
                    {At(index, "reverses_id"), "USAGE_REVERSAL",
                     "要冲销的记录不存在，请核对编号",
                     "the event to reverse does not exist; check its id", ""});
    }
    const bool is_reversal = !entry->counted.event().reverses_id().empty();
    if (is_reversal || entry->reversed || reversed_.count(key) > 0) {
      return Refuse(rpc::v1::RULE_REFUSES,
                    {At(index, "reverses_id"), "USAGE_REVERSAL",
                     "该记录是冲销记录或已被冲销，不能再冲销",
                     "the event is a reversal or is reversed already", ""});
    }
    const auto value = NegateFen(entry->counted.value_fen());
    if (!value) return Overflow(index);
    return *value;
  }

  const UsageEntry* Find(const UsageKey& key) const {
    const auto known = licence_.usage.find(key);
    if (known != licence_.usage.end()) return &known->second;
    const auto added = added_.find(key);
    return added == added_.end() ? nullptr : &added->second;
  }

  void Take(const v1::UsageEvent& event, const UsageKey& key,
            int64_t value_fen) {
    v1::CountedUsage counted;
    *counted.mutable_event() = event;
    counted.set_value_fen(value_fen);
    added_[key].counted = counted;
    if (!event.reverses_id().empty()) {
      reversed_.insert({event.source(), event.reverses_id()});
    }
    counted_.push_back(std::move(counted));
  }

  const LicenceState& licence_;
  const std::string today_;
  std::set<UsageKey> seen_;
  std::map<UsageKey, UsageEntry> added_;
  std::set<UsageKey> reversed_;
  std::vector<v1::CountedUsage> counted_;
  int64_t sum_fen_ = 0;
};

// No total that the value goes into may wrap.
MaybeRefusal CheckTotals(const State& state, const v1::Licence& licence,
                         int64_t value_fen) {
  const auto fits = [value_fen](const Realised& realised) {
    return AddFen(realised.fen, value_fen).has_value();
  };
  const auto fits_in = [&fits](const ByName<Realised>& values,
                               const std::string& subject) {
    const auto found = values.find(subject);
    return found == values.end() || fits(found->second);
  };
  if (fits(state.value_total) &&
      fits_in(state.value_of_certificate, licence.certificate_number()) &&
      fits_in(state.value_of_party, licence.licensor())) {
    return std::nullopt;
  }
  return Refuse(rpc::v1::RULE_REFUSES,
                {"events", "USAGE_VALUE", "运用金额合计超出可计算范围",
                 "the realised value would be too large to count", ""});
}

// Who has no power of the licensor's is not told who that is.
MaybeRefusal CheckMayRecord(const Case& a_case, const v1::Licence& licence) {
  const MaybeRefusal refusal =
      CheckActingFor(a_case.state,
                     {a_case.command.actor(), licence.licensor(),
                      v1::ACT_LICENCE, licence.certificate_number()},
                     a_case.today(), "USAGE");
  if (!refusal || refusal->violations.front().rule() == "B22") return refusal;
  return Refuse(rpc::v1::NOT_ALLOWED,
                {"actor", "USAGE", "运用记录由许可人或其代理人提交",
                 "the licensor or its agent records usage", ""});
}

}  // namespace

Decision DecideRecordUsage(const Case& a_case) {
  const v1::RecordUsage& body = a_case.command.record_usage();
  const LicenceState* licence = FindLicence(a_case.state, body.licence_no());
  if (licence == nullptr) {
    return NotFound(
        "record_usage.licence_no",
        absl::StrCat("没有编号为“", body.licence_no(), "”的许可"),
        absl::StrCat("there is no licence `", body.licence_no(), "`"));
  }
  RETURN_IF_REFUSED(CheckMayRecord(a_case, licence->licence));
  RETURN_IF_REFUSED(CheckVersion(a_case, licence->licence.version()));
  if (body.events().empty() || body.events_size() > limits::kEventsPerUsage) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"events", "USAGE", "每批应有 1 至 1000 条运用记录",
                   "a command has 1 to 1,000 usage events", ""});
  }
  UsageCount count(a_case, *licence);
  for (int i = 0; i < body.events_size(); ++i) {
    RETURN_IF_REFUSED(count.Count(body.events(i), i));
  }
  RETURN_IF_REFUSED(
      CheckTotals(a_case.state, licence->licence, count.sum_fen()));
  Events events(1);
  v1::UsageRecorded* recorded = events[0].mutable_usage_recorded();
  recorded->set_licence_no(body.licence_no());
  recorded->set_certificate_number(licence->licence.certificate_number());
  recorded->set_value_fen(count.sum_fen());
  for (v1::CountedUsage& counted : count.TakeCounted()) {
    *recorded->add_counted() = std::move(counted);
  }
  if (recorded->counted().empty()) {
    return Refuse(rpc::v1::ALREADY_EXISTS,
                  {"events", "USAGE_KNOWN", "这些运用记录都已记录过，无须再报",
                   "all these events are recorded already; nothing to do", ""});
  }
  return events;
}

}  // namespace dataip::registry

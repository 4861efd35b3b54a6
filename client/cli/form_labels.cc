#include "client/cli/form_labels.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/label_table.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

struct Named {
  absl::string_view name;
  const char* text;
};

std::string TextOf(absl::string_view name,
                   std::initializer_list<Named> labels) {
  for (const Named& label : labels) {
    if (label.name == name) return label.text;
  }
  return std::string(name);
}

}  // namespace

std::string LabelOf(v1::ObjectKind kind) {
  return FindLabel<v1::ObjectKind>(kind, {{v1::DATA_SET, "数据集合"},
                                          {v1::DATA_PRODUCT, "数据产品"},
                                          {v1::DATA_ALGORITHM, "数据算法"}});
}

std::string LabelOf(v1::Acquisition acquisition) {
  return FindLabel<v1::Acquisition>(
      acquisition, {{v1::SELF_COLLECTED, "自行采集"},
                    {v1::AUTHORIZED, "授权"},
                    {v1::PURCHASED, "购买"},
                    {v1::PUBLIC_AUTHORIZED_OPERATION, "公共数据授权运营"},
                    {v1::OPEN_DATA, "开放数据"},
                    {v1::ACQUISITION_OTHER, "其他"}});
}

std::string LabelOf(v1::FieldClassification classification) {
  return FindLabel<v1::FieldClassification>(
      classification, {{v1::GENERAL, "一般"},
                       {v1::PERSONAL_INFORMATION, "个人信息"},
                       {v1::SENSITIVE_PERSONAL, "敏感个人信息"},
                       {v1::IMPORTANT, "重要数据"},
                       {v1::CORE, "核心数据"}});
}

std::string LabelOf(v1::StorageFormat format) {
  return FindLabel<v1::StorageFormat>(format,
                                      {{v1::EXCEL, "Excel"},
                                       {v1::CSV, "CSV"},
                                       {v1::ORACLE, "Oracle"},
                                       {v1::MYSQL, "MySQL"},
                                       {v1::JSON, "JSON"},
                                       {v1::IMAGE, "图像"},
                                       {v1::AUDIO, "音频"},
                                       {v1::VIDEO, "视频"},
                                       {v1::STORAGE_FORMAT_OTHER, "其他"}});
}

std::string LabelOf(v1::PublicState state) {
  return FindLabel<v1::PublicState>(
      state, {{v1::NON_PUBLIC, "未公开"}, {v1::PUBLISHED, "已公开"}});
}

std::string LabelOf(v1::AiProcessingShare share) {
  return FindLabel<v1::AiProcessingShare>(
      share, {{v1::NONE, "无"}, {v1::PARTIAL, "部分"}, {v1::ALL, "全部"}});
}

std::string LabelOf(v1::UseIntent intent) {
  return FindLabel<v1::UseIntent>(intent,
                                  {{v1::INTENT_LICENSE, "许可"},
                                   {v1::INTENT_PLEDGE, "质押"},
                                   {v1::INTENT_ASSIGN, "转让"},
                                   {v1::INTENT_TRADE, "交易"},
                                   {v1::INTENT_EQUITY, "出资入股"},
                                   {v1::INTENT_SECURITIZATION, "证券化"},
                                   {v1::INTENT_INSURANCE, "保险"},
                                   {v1::INTENT_ON_BALANCE, "入表"}});
}

std::string LabelOf(v1::EvidenceKind kind) {
  return FindLabel<v1::EvidenceKind>(kind, {{v1::DEPOSIT, "存证"},
                                            {v1::OTHER_LEDGER, "区块链存证"},
                                            {v1::NOTARY, "公证"},
                                            {v1::TIME_STAMP, "可信时间戳"}});
}

std::string LabelOf(v1::DepositCut cut) {
  return FindLabel<v1::DepositCut>(
      cut, {{v1::LINES, "逐行"}, {v1::BLOCKS, "每 65,536 字节"}});
}

std::string EventLabel(absl::string_view event) {
  return TextOf(event, {{"RegistryOpened", "登记簿开立"},
                        {"TableLoaded", "代码表载入"},
                        {"ProfileAdopted", "规则启用"},
                        {"DeadlinesRecomputed", "期限重算"},
                        {"OfficerRegistered", "工作人员登记"},
                        {"PartyRegistered", "主体登记"},
                        {"KeyEnrolled", "密钥登记"},
                        {"ClockAdvanced", "演示时钟推进"},
                        {"PayloadErased", "依令删除内容"},
                        {"ApplicationSubmitted", "申请受理"},
                        {"CorrectionRequested", "通知补正"},
                        {"CorrectionFiled", "补正提交"},
                        {"DeemedWithdrawn", "视为撤回"},
                        {"ApplicationWithdrawn", "主动撤回"},
                        {"ApplicationRefused", "不予登记"},
                        {"NoticeOpened", "公示开始"},
                        {"ApplicationRegistered", "准予登记"},
                        {"CertificateIssued", "证书颁发"},
                        {"CertificateAnnounced", "登记公告"},
                        {"StatusChanged", "状态变更"},
                        {"LicenceFiled", "许可备案"},
                        {"UsageRecorded", "运用报送"},
                        {"AttorneyGranted", "授权委托"},
                        {"AttorneyRevoked", "委托终止"},
                        {"ApplicationPrepared", "草稿提出"},
                        {"ApplicationCosigned", "共同申请人确认"},
                        {"DraftDiscarded", "草稿放弃"},
                        {"OpinionRecorded", "数据主管部门意见"},
                        {"ApplicationClaimed", "案件领取"},
                        {"ApplicationReleased", "案件退回"},
                        {"BatchDecided", "批量决定"},
                        {"FieldDisclosed", "封存内容公开"},
                        {"OpeningsErased", "依令删除封存内容"},
                        {"ObjectionFiled", "提出异议"},
                        {"ObjectionAccepted", "异议受理"},
                        {"ObjectionRejected", "异议不予受理"},
                        {"ObjectionForwarded", "异议转送"},
                        {"ObjectionAnswered", "异议答复"},
                        {"ObjectionUpheld", "异议成立"},
                        {"ReplyDefaulted", "逾期未答复异议"},
                        {"ObjectionDismissed", "异议不成立"},
                        {"ObjectionWithdrawn", "异议撤回"},
                        {"NoticeResumed", "公示继续"},
                        {"ProceedingsSuspended", "中止"},
                        {"ProceedingsResumed", "恢复处理"},
                        {"RequestFiled", "证书请求提出"},
                        {"RequestCosigned", "证书请求同意"},
                        {"RequestWithdrawn", "证书请求撤回"},
                        {"RequestRefused", "证书请求不予准许"},
                        {"RequestGranted", "证书请求准许"},
                        {"PledgeRegistered", "质押登记"},
                        {"PledgeChanged", "质押变更"},
                        {"PledgeReleased", "质押注销"},
                        {"CertificateExpired", "证书到期"},
                        {"RevocationOpened", "撤销立案"},
                        {"RevocationHeard", "撤销听证陈述"},
                        {"CertificateRevoked", "登记撤销"},
                        {"RevocationDropped", "不予撤销"},
                        {"CertificateFrozen", "证书冻结"},
                        {"FreezeReleased", "解除冻结"},
                        {"CertificateCorrected", "证书更正"},
                        {"CertificateImported", "既有证书录入"},
                        {"LicenceConfirmed", "许可确认"},
                        {"LicenceChanged", "许可变更"},
                        {"LicenceEnded", "许可终止"}});
}

std::string BodyLabel(absl::string_view body) {
  return TextOf(body, {{"open_registry", "开立登记簿"},
                       {"load_table", "载入代码表"},
                       {"register_officer", "登记工作人员"},
                       {"register_party", "登记主体"},
                       {"enrol_key", "登记密钥"},
                       {"advance_clock", "推进演示时钟"},
                       {"erase_payload", "依令删除内容"},
                       {"submit_application", "提交申请"},
                       {"request_correction", "通知补正"},
                       {"correct_application", "提交补正"},
                       {"close_overdue_correction", "逾期未补正结案"},
                       {"withdraw_application", "撤回申请"},
                       {"refuse_application", "不予登记"},
                       {"open_notice", "开始公示"},
                       {"register_application", "准予登记并发证"},
                       {"file_licence", "许可备案"},
                       {"record_usage", "报送运用"},
                       {"grant_attorney", "授权委托"},
                       {"revoke_attorney", "终止委托"},
                       {"prepare_application", "提出草稿"},
                       {"cosign_application", "确认申请"},
                       {"discard_draft", "放弃草稿"},
                       {"record_opinion", "记录数据主管部门意见"},
                       {"claim_application", "领取案件"},
                       {"release_application", "退回案件"},
                       {"request_corrections", "批量通知补正"},
                       {"open_notices", "批量开始公示"},
                       {"register_applications", "批量准予登记并发证"},
                       {"file_objection", "提出异议"},
                       {"accept_objection", "受理异议"},
                       {"reject_objection", "不予受理异议"},
                       {"forward_objection", "转送异议"},
                       {"answer_objection", "答复异议"},
                       {"uphold_objection", "异议成立，不予登记"},
                       {"close_unanswered_objection", "逾期未答复结案"},
                       {"dismiss_objection", "异议不成立"},
                       {"withdraw_objection", "撤回异议"},
                       {"suspend_application", "中止"},
                       {"resume_application", "恢复处理"},
                       {"file_request", "提出证书请求"},
                       {"cosign_request", "同意证书请求"},
                       {"withdraw_request", "撤回证书请求"},
                       {"refuse_request", "不予准许证书请求"},
                       {"grant_request", "准许证书请求"},
                       {"expire_certificate", "证书到期"},
                       {"open_revocation", "撤销立案"},
                       {"state_in_revocation", "撤销听证陈述"},
                       {"revoke_certificate", "撤销登记"},
                       {"drop_revocation", "不予撤销"},
                       {"freeze_certificate", "冻结证书"},
                       {"release_freeze", "解除冻结"},
                       {"end_freeze", "冻结期满"},
                       {"correct_certificate", "更正证书"},
                       {"import_certificate", "录入既有证书"},
                       {"confirm_licence", "确认许可"},
                       {"change_licence", "变更许可"},
                       {"end_licence", "终止许可"},
                       {"adopt_profile", "启用规则"},
                       {"disclose_field", "公开封存内容"},
                       {"erase_openings", "依令删除封存内容"}});
}

std::string GroundLabel(absl::string_view code) {
  const std::string wording = TextOf(
      code,
      {{"R01", "危害国家安全、泄露国家秘密或者损害公共利益"},
       {"R02", "数据获取不合法或者缺少来源授权"},
       {"R03", "不属于登记对象：原始数据、单条数据、未经加工或者无实用价值"},
       {"R04", "没有存证或者公证"},
       {"R05", "权属争议尚未解决"},
       {"R06", "侵害个人信息或者隐私"},
       {"R07", "侵害他人知识产权"},
       {"R08", "隐瞒情况或者提供虚假材料"},
       {"R09", "重复申请，或者自行撤回后无正当理由短期内再次申请"},
       {"R10", "完全由人工智能技术加工形成"},
       {"R11", "核心数据、重要数据未经数据主管部门处理"},
       {"R12", "异议成立或者逾期不答复"},
       {"R99", "法律、行政法规规定的其他情形"}});
  return wording == code ? wording : absl::StrCat(code, " ", wording);
}

}  // namespace dataip::client

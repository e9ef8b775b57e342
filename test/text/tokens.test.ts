/** Pure; runs in workerd. Reference counts are those of cl100k_base (js-tiktoken 1.0). */
import { describe, expect, it } from "vitest";
import { estimateTokens } from "../../src/text/tokens.ts";

const REFERENCE: [string, number, string][] = [
  [
    "English prose",
    101,
    "Full-time employees have 26 days of annual leave in addition to public holidays. After five years with the company the entitlement rises to 29 days. Up to five unused days can be carried over and must be taken by 31 March of the following year. Tell your manager before 9:00 on the first day of illness; a doctor’s note is needed from the eighth calendar day. We don't pay for travel that wasn't approved, and receipts must be handed in within 30 days.",
  ],
  [
    "Markdown",
    74,
    "## Returns\n\n- **Unused** items: 60 days, [form](https://tarnholt.example/returns)\n- Faulty items: `warranty` period\n\n| Reason | Limit | Cost |\n| --- | --- | --- |\n| Wrong item | 14 days | none |\n| Unsold goods | 90 days | 15% |\n",
  ],
  [
    "code",
    54,
    "export function overlap(text: string, from: number): number {\n  for (let i = from; i < text.length; i++) {\n    if (text.charCodeAt(i) === 10) return i + 1;\n  }\n  return -1;\n}\n",
  ],
  [
    "table rows",
    80,
    "- sku: TN-SK2; product: Skarn 2 tent; weight_g: 2140; price_gbp: 329.00; price_aed: 1549\n- sku: TN-SK3; product: Skarn 3 tent; weight_g: 2680; price_gbp: 389.00; price_aed: 1829\n",
  ],
  [
    "Spanish",
    159,
    "La empresa concede a todos los trabajadores veintitrés días laborables de vacaciones al año, que se disfrutarán preferentemente durante los meses de verano. Las solicitudes deberán presentarse con una antelación mínima de treinta días a través del portal del empleado, y el responsable directo dispondrá de cinco días hábiles para aprobarlas o rechazarlas motivadamente. En caso de enfermedad durante el período vacacional, el trabajador podrá recuperar los días afectados siempre que aporte el justificante médico correspondiente. Los días no disfrutados antes del treinta y uno de marzo del año siguiente se perderán, salvo que existan razones organizativas debidamente acreditadas.",
  ],
  [
    "German",
    191,
    "Das Unternehmen gewährt allen Beschäftigten achtundzwanzig Arbeitstage Erholungsurlaub im Kalenderjahr. Der Urlaub ist spätestens vier Wochen vor dem gewünschten Beginn schriftlich zu beantragen; die Führungskraft entscheidet innerhalb von fünf Werktagen. Erkrankt ein Mitarbeiter während des Urlaubs, so werden die durch ärztliches Zeugnis nachgewiesenen Tage der Arbeitsunfähigkeit nicht auf den Jahresurlaub angerechnet. Eine Übertragung auf das nächste Kalenderjahr ist nur statthaft, wenn dringende betriebliche oder in der Person des Arbeitnehmers liegende Gründe dies rechtfertigen. Reisekosten werden gemäß der Reisekostenrichtlinie erstattet, sofern die Belege vollständig eingereicht wurden.",
  ],
  [
    "French",
    176,
    "L'entreprise accorde à tous les salariés vingt-cinq jours ouvrés de congés payés par an. La demande doit être déposée au moins un mois à l'avance sur le portail des ressources humaines, et le responsable hiérarchique dispose de cinq jours pour répondre. Lorsque le salarié tombe malade pendant ses congés, les jours concernés peuvent être reportés sur présentation d'un certificat médical. Les frais de déplacement sont remboursés conformément à la politique en vigueur, à condition que les justificatifs soient transmis dans les trente jours suivant la fin de la mission. Au-delà de ce délai, aucune demande ne sera acceptée sans l'accord préalable de la direction financière.",
  ],
  [
    "Portuguese",
    132,
    "A empresa concede a todos os colaboradores vinte e dois dias úteis de férias por ano. O pedido deve ser apresentado com uma antecedência mínima de trinta dias através do portal interno, e o gestor responsável tem cinco dias úteis para aprovar ou recusar. As despesas de deslocação são reembolsadas de acordo com a política em vigor, desde que os comprovativos sejam enviados no prazo de trinta dias após o fim da viagem. Não serão aceites pedidos fora do prazo sem autorização prévia da direção financeira.",
  ],
  [
    "Polish",
    171,
    "Pracownikom przysługuje dwadzieścia sześć dni urlopu wypoczynkowego w roku kalendarzowym. Wniosek należy złożyć co najmniej czternaście dni przed planowanym rozpoczęciem urlopu za pośrednictwem portalu pracowniczego, a przełożony podejmuje decyzję w ciągu pięciu dni roboczych. Koszty podróży służbowych są zwracane zgodnie z obowiązującym regulaminem, pod warunkiem że rachunki zostaną dostarczone w terminie trzydziestu dni od zakończenia podróży.",
  ],
  [
    "Turkish",
    164,
    "Şirket, tüm çalışanlarına yılda yirmi iş günü ücretli izin hakkı tanır. İzin talepleri en az otuz gün önceden personel portalı üzerinden yapılmalı ve yönetici beş iş günü içinde karar vermelidir. Seyahat masrafları, belgelerin yolculuğun bitiminden itibaren otuz gün içinde teslim edilmesi koşuluyla yürürlükteki yönetmeliğe göre ödenir. Bu süreden sonra yapılan başvurular mali işler müdürlüğünün onayı olmadan kabul edilmez.",
  ],
  [
    "Russian",
    229,
    "Компания предоставляет всем сотрудникам двадцать восемь календарных дней оплачиваемого отпуска в год. Заявление необходимо подать не позднее чем за две недели до начала отпуска через портал для сотрудников, а руководитель принимает решение в течение пяти рабочих дней. Расходы на командировки возмещаются в соответствии с действующим положением при условии, что подтверждающие документы представлены в течение тридцати дней после окончания поездки. В случае болезни во время отпуска дни нетрудоспособности переносятся на другой срок.",
  ],
  [
    "Arabic",
    291,
    "تمنح الشركة جميع الموظفين ثلاثين يومًا من الإجازة السنوية المدفوعة في كل سنة. يجب تقديم طلب الإجازة قبل أسبوعين على الأقل من بدايتها عبر بوابة الموظفين، وعلى المدير المباشر أن يرد خلال خمسة أيام عمل. تُعوَّض مصاريف السفر وفقًا للسياسة المعمول بها بشرط تسليم الإيصالات خلال ثلاثين يومًا من انتهاء الرحلة. هل يمكن ترحيل الأيام غير المستخدمة إلى السنة التالية؟ نعم، بحد أقصى عشرة أيام وبموافقة إدارة الموارد البشرية.",
  ],
  [
    "Chinese",
    185,
    "公司为所有员工提供每年十五天的带薪年假。员工须至少提前两周通过内部系统提交休假申请，直属主管应在五个工作日内作出答复。出差费用按照现行规定报销，但必须在行程结束后三十天内提交全部票据。逾期提交的申请，未经财务部门事先批准，一律不予受理。员工在休假期间患病的，凭医院证明可以将相应的天数顺延。未使用的假期最多可以结转五天至下一年度。",
  ],
  [
    "Japanese",
    203,
    "会社はすべての従業員に対して年間二十日の有給休暇を付与します。休暇を取得する場合は、少なくとも二週間前までに社内ポータルから申請してください。直属の上司は五営業日以内に承認または却下を決定します。出張費は、現行の規程に従い、出張終了後三十日以内に領収書を提出した場合に限り精算されます。期限を過ぎた申請は、経理部の事前の承認がなければ受け付けられません。",
  ],
  [
    "Korean",
    152,
    "회사는 모든 직원에게 연간 십오 일의 유급 휴가를 제공합니다. 휴가를 신청하려면 최소 이 주 전에 사내 포털을 통해 신청서를 제출해야 하며, 직속 상사는 영업일 기준 오 일 이내에 승인 여부를 결정합니다. 출장비는 출장 종료 후 삼십 일 이내에 영수증을 제출한 경우에 한하여 현행 규정에 따라 정산됩니다.",
  ],
  [
    "Hindi",
    325,
    "कंपनी सभी कर्मचारियों को प्रति वर्ष बीस दिन का सवेतन अवकाश देती है। अवकाश का आवेदन कम से कम दो सप्ताह पहले कर्मचारी पोर्टल के माध्यम से जमा करना आवश्यक है, और प्रबंधक पाँच कार्य दिवसों के भीतर निर्णय लेता है। यात्रा व्यय की प्रतिपूर्ति वर्तमान नीति के अनुसार की जाती है, बशर्ते रसीदें यात्रा समाप्त होने के तीस दिनों के भीतर जमा कर दी जाएँ।",
  ],
];

describe("estimateTokens", () => {
  it.each(REFERENCE)("is within 15 percent for %s", (_, count, text) => {
    const estimate = estimateTokens(text);
    expect(estimate / count).toBeGreaterThan(0.85);
    expect(estimate / count).toBeLessThan(1.15);
  });

  it("is within 8 percent over all of them", () => {
    const counted = REFERENCE.reduce((sum, [, count]) => sum + count, 0);
    const estimated = REFERENCE.reduce((sum, [, , text]) => sum + estimateTokens(text), 0);
    expect(Math.abs(estimated / counted - 1)).toBeLessThan(0.08);
  });

  it("counts nothing for nothing and at least one for something", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("a")).toBe(1);
    expect(estimateTokens(" ")).toBe(1);
  });

  it("reads four million characters of anything in a few seconds", () => {
    for (const unit of ["a", " ", "-", "漢", "é", "9", "\n", "Aa1-"]) {
      const before = performance.now();
      estimateTokens(unit.repeat(4_000_000 / unit.length));
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });
});

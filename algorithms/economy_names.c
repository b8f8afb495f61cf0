/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/economy_inside.h"

/* What a sector makes: where it sits, its industry (NACE division), words for names, and its products (CPV): ten that
 * members sell, and the one that the head makes of them. */
typedef struct theme {
    const char *region, *industry;
    const char *russian[2], *kazakh[2], *latin[2];
    const char *product[ECONOMY_PRODUCTS];
} theme;

static const theme themes[] = {
    { "Atyrau", "09", { "НефтеСервис", "Бурмаш" }, { "Мұнай Құрал", "Мұнайсервис" }, { "Drilling", "Petrotech" },
      { "43130000", "42122000", "42131000", "44162000", "44163000", "38421000", "50511000", "76300000", "24958000",
        "44611000", "09120000" } },
    { "Astana", "30", { "Вагонмаш", "РельсТранс" }, { "Теміржол Машина", "Вагон Жасау" }, { "Railtech", "Traction" },
      { "34631000", "34632000", "31121000", "31224000", "42512000", "39113000", "44316000", "44831000", "32441000",
        "50222000", "34620000" } },
    { "Turkistan", "01", { "АгроСнаб", "ЗерноПром" }, { "Агро Өнім", "Егін" }, { "Agri", "Harvest" },
      { "03211000", "15331000", "16310000", "24440000", "03111000", "44613000", "42215000", "50810000", "60161000",
        "15713000", "15600000" } },
    { "Almaty", "41", { "СтройИнвест", "Монолит" }, { "Құрылыс", "Үй Құрылыс" }, { "Baustoff", "Concrete" },
      { "44114000", "44111000", "44334000", "44221000", "39715000", "45311000", "45331000", "45262000", "71320000",
        "45410000", "45211000" } },
    { "Karagandy", "05", { "УглеМаш", "ШахтСтрой" }, { "Көмір", "Кен Жабдық" }, { "Mining", "Bergbau" },
      { "43120000", "43210000", "43414000", "24615000", "31321000", "44212000", "42418000", "50530000", "18143000",
        "35113000", "09111000" } },
    { "Almaty region", "62", { "ИнфоТех", "СофтЛайн" }, { "Цифрлық Шешім", "Деректер" }, { "Infosystems", "Datenwerk" },
      { "48820000", "30213000", "32420000", "48610000", "72212000", "72267000", "48730000", "64216000", "30125000",
        "31154000", "72315000" } },
    { "Shymkent", "21", { "ФармСинтез", "МедПоставка" }, { "Дәрі Зауыты", "Емдік Шөп" }, { "Pharma", "Biolabs" },
      { "33690000", "24322000", "33140000", "22820000", "44617000", "38437000", "42921000", "33696000", "33192000",
        "85145000", "33600000" } },
    { "Kostanay", "10", { "МолПром", "ХлебоЗавод" }, { "Сүт Өнімі", "Нан Зауыты" }, { "Dairy", "Molkerei" },
      { "15511000", "15613000", "15831000", "15411000", "44618000", "42210000", "42513000", "60130000", "39831000",
        "15898000", "15500000" } },
    { "Zhambyl", "13", { "ТекстильПром", "ШвейМаш" }, { "Тоқыма", "Киім Тігу" }, { "Textiles", "Weberei" },
      { "19210000", "19231000", "19430000", "19510000", "42713000", "42716000", "24222000", "44425000", "18453000",
        "98311000", "18110000" } },
    { "Pavlodar", "35", { "ЭнергоСнаб", "ТеплоМонтаж" }, { "Қуат Жүйе", "Жылу Тораптары" }, { "Energietechnik", "Grid" },
      { "31170000", "31213000", "31321100", "42161000", "38550000", "44622000", "42511000", "45315000", "50532000",
        "71314000", "09310000" } },
    { "East Kazakhstan", "16", { "ЛесПром", "МебельСнаб" }, { "Орман", "Жиһаз" }, { "Holzbau", "Timber" },
      { "03411000", "03419000", "44191000", "24911000", "44810000", "39290000", "42642000", "44523000", "98393000",
        "34114000", "39130000" } },
    { "Mangystau", "33", { "СудоРемонт", "ПортСервис" }, { "Кеме Жөндеу", "Порт Қызметі" }, { "Marine", "Hafenbau" },
      { "34913000", "42113000", "34512000", "44540000", "44812000", "38112000", "42414000", "50240000", "63721000",
        "31682000", "34513000" } },
};

enum { PROPER_NAMES = 26 };
static const char *const russian_proper[PROPER_NAMES] = {
    "Алтын", "Север", "Прогресс", "Каскад", "Спектр", "Вектор", "Юпитер", "Гранит", "Орион", "Меридиан", "Азия", "Степь",
    "Урал", "Континент", "Магистраль", "Импульс", "Союз", "Рассвет", "Титан", "Парус", "Эталон", "Базис", "Феникс",
    "Ёлки & Со", "ИНФ", "Съёмка"
};
static const char *const kazakh_proper[PROPER_NAMES] = {
    "Алтын", "Сарыарқа", "Жетісу", "Көктем", "Бәйтерек", "Шаңырақ", "Ұлы Дала", "Тұлпар", "Қыран", "Самұрық", "Арай",
    "Нұр", "Өркен", "Достық", "Мерей", "Болашақ", "Ақжол", "Жібек Жолы", "Алатау", "Қазына", "Береке", "Ырыс", "Дәуір",
    "Һәм", "Үміт & Сенім", "Ғарыш"
};
static const char *const latin_proper[PROPER_NAMES] = {
    "INFINITRON", "INFRATEC", "Nordvik", "Müller & Söhne", "Kowalski", "O'Brien", "Smith & Daughters", "Łódzki",
    "Ångström", "E<motion", "A&B", "NaN", "True North", "1E5", "Côté", "Håkansson", "Straße 7", "Żuraw", "\"Quality\"",
    "Null", "INF", "Peñarol", "İstanbul", "Tab>le", "Fair & Square", "Čapek"
};

typedef enum script { RUSSIAN, KAZAKH, LATIN } script;

const char *fn_plan_role_name(fn_plan_role role)
{
    static const char *const name[] = {
        "central", "co_head", "member", "trader", "dear_member", "rival", "authority", "local_authority", "university",
        "final_buyer"
    };
    return name[role];
}

uint32_t fn_plan_themes(void)
{
    return sizeof themes / sizeof *themes;
}

const char *fn_plan_product(const fn_plan *plan, const fn_plan_tender *tender)
{
    return themes[plan->sector[tender->sector].theme].product[tender->product];
}

/* Check digit of a Kazakh business number over its first 11 digits, 10: this number is not given out. */
static int bin_check(const char *digits)
{
    for (int start = 1; start <= 3; start += 2) {
        int sum = 0;
        for (int k = 0; k < 11; k++) sum += (digits[k] - '0') * ((k + start - 1) % 11 + 1);
        if (sum % 11 < 10) return sum % 11;
    }
    return 10;
}

/* Check digit of a Russian tax number over its first 9 digits. */
static int inn_check(const char *digits)
{
    static const int weight[] = { 2, 4, 10, 3, 5, 9, 4, 6, 8 };
    int sum = 0;
    for (int k = 0; k < 9; k++) sum += (digits[k] - '0') * weight[k];
    return sum % 11 % 10;
}

/* Different for every index: 7919 has no factor in common with 100000. */
static uint32_t serial(uint32_t index)
{
    return (uint32_t) (((uint64_t) index * 7919 + 4177) % 100000);
}

/* Year and month of registration, 4 for a legal person of the country, 0 for a head office, serial, check digit. */
static void make_bin(uint32_t index, char key[32])
{
    char digits[32];
    for (uint32_t month = 1; month <= 12; month++) {
        snprintf(digits, sizeof digits, "%02" PRIu32 "%02" PRIu32 "40%05" PRIu32, (index / 100000 + 3) % 25,
                 (index + month) % 12 + 1, serial(index));
        int check = bin_check(digits);
        if (check == 10) continue;
        snprintf(key, 32, "KZ-BIN-%.11s%d", digits, check);
        return;
    }
    snprintf(key, 32, "KZ-RGN-%" PRIu32, 10000000 + index); /* no month fits: a register without check digits */
}

static void make_key(uint32_t index, const char *country, char key[32])
{
    char digits[32];
    if (strcmp(country, "KZ") == 0) {
        make_bin(index, key);
    } else if (strcmp(country, "RU") == 0) {
        snprintf(digits, sizeof digits, "%04" PRIu32 "%05" PRIu32, 7700 + index / 100000 % 100, serial(index));
        snprintf(key, 32, "RU-INN-%.9s%d", digits, inn_check(digits));
    } else {
        const char *registry = strcmp(country, "GB") == 0 ? "COH" : strcmp(country, "PL") == 0 ? "KRS" : "CR";
        snprintf(key, 32, "%s-%s-%" PRIu32 "%05" PRIu32, country, registry, 100 + index / 100000, serial(index));
    }
}

static void name_institution(const fn_plan *plan, uint32_t index, char *name)
{
    const fn_plan_firm *f = &plan->firm[index];
    const theme *t = f->sector == FN_NONE ? NULL : &themes[plan->sector[f->sector].theme];
    uint32_t order = index - (plan->firms - plan->everywhere);
    if (f->role == FN_PLAN_AUTHORITY)
        snprintf(name, FN_ECONOMY_TEXT, "ГУ «Комитет государственных закупок»");
    else if (f->role == FN_PLAN_LOCAL_AUTHORITY)
        snprintf(name, FN_ECONOMY_TEXT, "«%s» облыстық сатып алу басқармасы ММ", t->kazakh[0]);
    else if (f->role == FN_PLAN_UNIVERSITY)
        snprintf(name, FN_ECONOMY_TEXT, "Қазақ ұлттық университеті, №%" PRIu32 " кафедра", order);
    else
        snprintf(name, FN_ECONOMY_TEXT, "АО «Торговая сеть %s-%" PRIu32 "»",
                 russian_proper[order % PROPER_NAMES], order);
}

/* The company of this draw; from the second of a name on with its number. */
static void name_company(const fn_draw *start, const theme *t, script in, const char *country, uint32_t number,
                         char *name)
{
    static const char *const russian_form[] = { "ТОО «%s %s»", "ТОО \"%s-%s\"", "АО «%s %s»", "ООО «%s-%s»" };
    static const char *const kazakh_form[] = { "«%s %s» ЖШС", "\"%s %s\" ЖШС", "«%s %s» АҚ" };
    static const char *const german_form[] = { "%s %s GmbH", "%s %s AG", "%s %s GmbH", "%s %s KG" };
    static const char *const british_form[] = { "%s %s Ltd", "%s %s Limited", "%s %s LLP", "%s %s PLC" };
    static const char *const polish_form[] = { "%s %s Sp. z o.o.", "%s %s S.A.", "%s %s sp. z o.o.", "%s %s sp.j." };
    const char *const *const latin_form = strcmp(country, "GB") == 0 ? british_form
                                          : strcmp(country, "PL") == 0 ? polish_form : german_form;
    const char *const *const form[] = { russian_form, kazakh_form, latin_form };
    static const char *const *const proper[] = { russian_proper, kazakh_proper, latin_proper };
    fn_draw draw = *start;
    uint32_t work = fn_draw_below(&draw, 2), which = fn_draw_below(&draw, PROPER_NAMES), how = fn_draw_below(&draw, 12);
    const char *trade = in == RUSSIAN ? t->russian[work] : in == KAZAKH ? t->kazakh[work] : t->latin[work];
    char numbered[64];
    if (number > 1) snprintf(numbered, sizeof numbered, "%s-%" PRIu32, trade, number);
    else snprintf(numbered, sizeof numbered, "%s", trade);
    snprintf(name, FN_ECONOMY_TEXT, form[in][how % (in == KAZAKH ? 3 : 4)], proper[in][which], numbered);
}

fn_status fn_plan_call(fn_run *run, const fn_plan *plan, uint32_t index, fn_names *taken, fn_plan_words *words)
{
    const fn_plan_firm *f = &plan->firm[index];
    fn_draw draw = { run->seed, 11, (uint64_t) index * 16 };
    const theme *t = f->sector == FN_NONE ? NULL : &themes[plan->sector[f->sector].theme];
    bool authority = f->role == FN_PLAN_AUTHORITY || f->role == FN_PLAN_LOCAL_AUTHORITY;
    words->kind = authority ? "authority" : f->role == FN_PLAN_UNIVERSITY ? "university" : "firm";
    words->country = "KZ";
    words->region = t ? t->region : "Astana";
    words->industry = authority ? "84" : f->role == FN_PLAN_UNIVERSITY ? "85" : t ? t->industry : "47";
    bool is_new = false;
    uint32_t number;
    fn_status status = FN_OK;
    if (authority || !t || f->role == FN_PLAN_UNIVERSITY) {
        name_institution(plan, index, words->name);
    } else {
        static const char *const abroad[] = { "DE", "GB", "PL", "AT" };
        uint32_t dice = fn_draw_below(&draw, 10);
        script in = dice < 4 ? RUSSIAN : dice < 7 ? KAZAKH : LATIN;
        if (in == RUSSIAN && fn_draw_chance(&draw, 200)) words->country = "RU";
        if (in == LATIN) words->country = abroad[fn_draw_below(&draw, 4)];
        if (fn_draw_chance(&draw, 200)) words->region = themes[fn_draw_below(&draw, fn_plan_themes())].region;
        if (strcmp(words->country, "KZ") != 0) words->region = "";
        for (uint32_t same = 1; !is_new && !status; same++) {
            name_company(&draw, t, in, words->country, same, words->name);
            status = fn_names_add(run, taken, words->name, strlen(words->name), &number, &is_new);
        }
    }
    make_key(index, words->country, words->key);
    return status;
}

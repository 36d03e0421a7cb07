/**
 * Shows rows of a form depending on its selects: `<div class="form-row" data-when="redis postgres">` is shown while a
 * select has one of these values.
 */
export function showWhen(...selects: string[]): void {
  // The form below this one in the editor has rows of its own.
  const rows = $(selects.join()).closest('form').find('[data-when]');
  const update = () => {
    const chosen = selects.map((select) => String($(select).val()));
    rows.each((_index, row) => {
      const values = ($(row).attr('data-when') ?? '').split(' ');
      $(row).toggle(values.some((value) => chosen.includes(value)));
    });
  };
  $(selects.join()).on('change', update);
  update();
}
